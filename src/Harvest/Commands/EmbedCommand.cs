using System.CommandLine;
using System.Globalization;
using Workbench.Activations;
using Workbench.Commands;
using Workbench.Harvest.Embedding;
using Workbench.Harvest.Harvesting;
using Workbench.Text.Corpora;
using Workbench.Workspaces;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest embed</c>: one vector a document.</summary>
internal sealed class EmbedCommand : ICliCommand
{
    private readonly Option<string> _workspace = new("--workspace") { Description = "Workspace folder.", Required = true };
    private readonly Option<string> _id = new("--id") { Description = "Name of the harvest.", Required = true };
    private readonly Option<string> _model = new("--model") { Description = "A name, OWNER/NAME that was pulled, a folder, or a .gguf file.", Required = true };
    private readonly Option<string> _corpus = new("--corpus") { Description = $"{CorpusRegistry.Known}.", DefaultValueFactory = _ => "dotnet-docs" };
    private readonly Option<string> _hook = new("--hook") { Description = "Hook point.", Required = true };
    private readonly Option<Pooling> _pool = new("--pool") { Description = "mean (without BOS), last or cls (the first position).", DefaultValueFactory = _ => Pooling.Mean };
    private readonly Option<int> _context = new("--context") { Description = "Tokens of a document that count, from its start.", DefaultValueFactory = _ => 128 };
    private readonly Option<long> _documents = new("--documents") { Description = "Documents at most; 0 for all.", DefaultValueFactory = _ => 0 };
    private readonly Option<string> _dtype = new("--dtype") { Description = "auto, float16, bfloat16 or float32.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _device = new("--device") { Description = "auto, cpu, cuda or cuda:n.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _precision = new("--precision") { Description = "auto, float32 or bfloat16 matrix products.", DefaultValueFactory = _ => "auto" };

    private readonly Option<int?> _shardRows = new("--shard-rows") { Description = $"Rows of a shard file; by default {ShardLayout.DefaultShardRows}, or fewer where such a file would pass 2 GB." };

    public Command Build()
    {
        return new Command("embed", "Stores one vector a document: a hook's activations, pooled. The same line again resumes.")
            {
                _workspace, _id, _model, _corpus, _hook, _pool, _context, _documents, _dtype, _device, _precision, _shardRows,
            }
            .WithExample("harvest embed --workspace W --model docs-lm --corpus dotnet-docs --hook blocks.3.hook_resid_post --pool mean --id e1")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        EmbedRequest request = Request(call);
        string id = call.Get(_id);
        var workspace = new Workspace(call.Get(_workspace));
        HarvestInfo info = TerminalProgress.Show(sink => new EmbedRun(workspace, id, request, sink).Execute(call.Cancellation));
        call.Write(info, () => string.Create(
            CultureInfo.InvariantCulture,
            $"Harvest {info.Id}: {info.Rows:N0} vectors of {info.Hooks[0].Name}, width {info.Hooks[0].Width}, one a document, in {workspace.HarvestFolder(id).Path}."));
        return ExitCodes.Success;
    }

    private EmbedRequest Request(CommandCall call)
    {
        return new EmbedRequest(
            call.Get(_model), call.Get(_corpus), call.Get(_hook), call.Get(_pool), call.Get(_context), call.Get(_documents),
            StorageTypes.Parse(call.Get(_dtype)), call.Get(_device), call.Get(_precision), call.Find(_shardRows));
    }
}
