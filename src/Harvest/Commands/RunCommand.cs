using System.CommandLine;
using System.Globalization;
using Workbench.Activations;
using Workbench.Commands;
using Workbench.Harvest.Harvesting;
using Workbench.Text.Corpora;
using Workbench.Text.Windows;
using Workbench.Workspaces;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest run</c>: runs a model over a corpus and stores its activations.</summary>
internal sealed class RunCommand : ICliCommand
{
    private readonly Option<string> _workspace = new("--workspace") { Description = "Workspace folder.", Required = true };
    private readonly Option<string> _model = new("--model") { Description = "A name, a folder with config.json and safetensors, or a .gguf file.", Required = true };
    private readonly Option<string> _corpus = new("--corpus") { Description = $"{CorpusRegistry.Known}.", DefaultValueFactory = _ => "dotnet-docs" };
    private readonly Option<string[]> _hooks = new("--hook") { Description = "Hook point; may be repeated.", Required = true, AllowMultipleArgumentsPerToken = true };
    private readonly Option<long> _tokens = new("--tokens") { Description = "Rows of each hook: exactly that many, unless the corpus ends before or outliers are dropped from them.", Required = true };
    private readonly Option<int> _context = new("--context") { Description = "The longest sequence, in tokens.", DefaultValueFactory = _ => 128 };
    private readonly Option<string> _id = new("--id") { Description = "Name of the harvest.", Required = true };
    private readonly Option<string> _dtype = new("--dtype") { Description = "auto, float16, bfloat16 or float32. auto stores float16, and a shard with a value beyond its range as bfloat16.", DefaultValueFactory = _ => "auto" };
    private readonly Option<BosPolicy> _bos = new("--bos") { Description = "auto (as the tokenizer does), always or never begin a sequence with BOS.", DefaultValueFactory = _ => BosPolicy.Auto };
    private readonly Option<int?> _exclude = new("--exclude-leading") { Description = "Leading positions of each sequence to keep no row of; by default 1 where the first position's norm is more than 8 times the others', else 0." };
    private readonly Option<string> _windows = new("--windows") { Description = $"How documents become sequences. {WindowModes.Known}.", DefaultValueFactory = _ => WindowModes.PerDocument };
    private readonly Option<SeparatorPolicy> _separator = new("--separator") { Description = "The token behind each document in packed sequences: auto (EOS, else BOS), eos, bos or none.", DefaultValueFactory = _ => SeparatorPolicy.Auto };
    private readonly Option<bool> _excludeSpecial = new("--exclude-special") { Description = "Keep no row of special tokens such as BOS and EOS." };
    private readonly Option<double?> _maxNorm = new("--max-norm-multiple") { Description = "Drop rows whose norm at any hook is more than this multiple of the hook's median, 10 for example; counted and recorded." };
    private readonly Option<int?> _batch = new("--batch") { Description = "Sequences a batch; by default about 32,768 positions." };
    private readonly Option<int?> _shardRows = new("--shard-rows") { Description = $"Rows a shard; by default {ShardLayout.DefaultShardRows}." };
    private readonly Option<string> _device = new("--device") { Description = "auto, cpu, cuda or cuda:n.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _precision = new("--precision") { Description = "auto, float32 or bfloat16 matrix products.", DefaultValueFactory = _ => "auto" };
    private readonly Option<long> _seed = new("--seed") { Description = "Recorded; nothing in a harvest is random.", DefaultValueFactory = _ => 0 };
    private readonly Option<string?> _partition = new("--partition") { Description = "i/N: only the i-th of N shares of the shards, for N processes side by side." };

    public Command Build()
    {
        var command = new Command("run", "Runs a model over a corpus and stores its activations; the same line again resumes.")
        {
            _workspace, _model, _corpus, _hooks, _tokens, _context, _id, _dtype, _bos, _exclude, _windows, _separator, _excludeSpecial, _maxNorm, _batch, _shardRows, _device, _precision, _seed, _partition,
        };
        return command
            .WithExample("harvest run --workspace W --model docs-lm --corpus dotnet-docs --hook blocks.3.hook_resid_post --tokens 400000 --context 128 --id h1")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        var workspace = new Workspace(call.Get(_workspace));
        HarvestRequest request = Request(call);
        HarvestPartition partition = call.Find(_partition) is { } text ? HarvestPartition.Parse(text) : HarvestPartition.Whole;
        HarvestResult result = TerminalProgress.Show(sink =>
        {
            var environment = new HarvestEnvironment((device, precision) => HarvestInputs.Open(request, workspace, device, precision), TimeProvider.System, sink);
            var run = new HarvestRun(workspace, call.Get(_id), request, partition, environment);
            using var deadline = new StopDeadline(workspace.HarvestFolder(call.Get(_id)), call.Error, call.Cancellation);
            return run.Execute(call.Cancellation);
        });
        call.Write(result, () => Text(result));
        return ExitCodes.Success;
    }

    private HarvestRequest Request(CommandCall call)
    {
        return new HarvestRequest
        {
            Model = call.Get(_model),
            Corpus = call.Get(_corpus),
            Hooks = call.Get(_hooks),
            Tokens = call.Get(_tokens),
            Context = call.Get(_context),
            DType = StorageTypes.Parse(call.Get(_dtype)),
            Bos = call.Get(_bos),
            ExcludeLeading = call.Find(_exclude),
            Windows = call.Get(_windows),
            Separator = call.Get(_separator),
            ExcludeSpecial = call.Get(_excludeSpecial),
            MaxNormMultiple = call.Find(_maxNorm),
            Batch = call.Find(_batch),
            ShardRows = call.Find(_shardRows),
            Device = call.Get(_device),
            Precision = call.Get(_precision),
            Seed = call.Get(_seed),
        };
    }

    private static string Text(HarvestResult result)
    {
        string rate = result.Seconds > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {result.Computed:N0} positions computed now in {result.Seconds:N1} s ({result.Computed / result.Seconds:N0} a second)")
            : string.Empty;
        string dropped = result.Outliers > 0 ? string.Create(CultureInfo.InvariantCulture, $", {result.Outliers:N0} outliers dropped") : string.Empty;
        string hooks = string.Join(", ", result.Hooks.Select(hook => hook.Name));
        string remark = result.Message is null ? string.Empty : $"{Environment.NewLine}Note: {result.Message}.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Harvest {result.Harvest} is {result.State}: {result.Rows:N0} rows of {hooks} from {result.Sequences:N0} sequences of {result.Documents:N0} documents{dropped}{rate}, in {result.Folder}.{remark}");
    }
}
