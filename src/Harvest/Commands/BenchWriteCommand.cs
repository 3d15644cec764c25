using System.CommandLine;
using System.Globalization;
using Workbench.Activations;
using Workbench.Commands;
using Workbench.Harvest.Benchmarking;
using Workbench.Harvest.Harvesting;
using Workbench.Text.Corpora;
using Workbench.Workspaces;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest bench write</c>: what reading, tokenising and writing add to the model's own time.</summary>
internal sealed class BenchWriteCommand : ICliCommand
{
    private readonly Option<string> _workspace = new("--workspace") { Description = "Workspace whose models are searched by name, and in which a folder is made and deleted.", Required = true };
    private readonly Option<string> _model = new("--model") { Description = "Folder, .gguf file or name.", Required = true };
    private readonly Option<string> _corpus = new("--corpus") { Description = $"{CorpusRegistry.Known}.", DefaultValueFactory = _ => "dotnet-docs" };
    private readonly Option<string[]> _hooks = new("--hook") { Description = "Hook point; may be repeated.", Required = true, AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _tokens = new("--tokens") { Description = "Rows of each hook.", DefaultValueFactory = _ => 16_384 };
    private readonly Option<int> _context = new("--context") { Description = "The longest sequence, in tokens.", DefaultValueFactory = _ => 128 };
    private readonly Option<int?> _shardRows = new("--shard-rows") { Description = $"Rows a shard; by default {ShardLayout.DefaultShardRows}. All but the last are completed while the next is computed." };
    private readonly Option<int> _repeats = new("--repeats") { Description = "Timings of each, of which the median counts.", DefaultValueFactory = _ => 5 };
    private readonly Option<string> _precision = new("--precision") { Description = "auto, float32 or bfloat16 matrix products.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _device = new("--device") { Description = "auto, cpu, cuda or cuda:n.", DefaultValueFactory = _ => "auto" };

    public Command Build()
    {
        return new Command("write", "The time that reading, tokenising and writing add to a harvest beyond the model alone.")
            {
                _workspace, _model, _corpus, _hooks, _tokens, _context, _shardRows, _repeats, _precision, _device,
            }
            .WithExample("harvest bench write --workspace W --model docs-lm --hook blocks.3.hook_resid_post")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        int repeats = call.Positive(_repeats);
        var workspace = new Workspace(call.Get(_workspace));
        workspace.EnsureWritable();
        var request = new HarvestRequest
        {
            Model = call.Get(_model),
            Corpus = call.Get(_corpus),
            Hooks = call.Get(_hooks),
            Tokens = call.Positive(_tokens),
            Context = call.Positive(_context),
            ShardRows = call.Find(_shardRows),
            Precision = call.Get(_precision),
            Device = call.Get(_device),
        };
        using var benchmark = new WriteBenchmark(request, workspace, workspace.Root, call.Cancellation);
        WriteBenchmarkResult result = benchmark.Measure(repeats, call.Cancellation);
        call.Write(result, () => string.Create(
            CultureInfo.InvariantCulture,
            $"A harvest takes {result.Added:P1} longer than its model alone: {result.TokenisingAdded:P1} for reading and tokenising, {result.WritingAdded:P1} for writing {result.Bytes / 1e6:N0} MB ({result.HarvestSeconds:N2} s, {result.UnwrittenSeconds:N2} s unwritten, {result.ModelSeconds:N2} s the model; {result.Rows:N0} rows of {string.Join(", ", result.Hooks)}, context {result.Context}, {result.Precision}, {result.Threads} threads, median of {result.Repeats})."));
        return ExitCodes.Success;
    }
}
