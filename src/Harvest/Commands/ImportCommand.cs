using System.CommandLine;
using System.Globalization;
using Workbench.Activations;
using Workbench.Activations.Vectors;
using Workbench.Commands;
using Workbench.Harvest.Harvesting;
using Workbench.Harvest.Importing;
using Workbench.Workspaces;

namespace Workbench.Harvest.Commands;

/// <summary><c>harvest import</c>: makes a harvest of vectors from elsewhere.</summary>
internal sealed class ImportCommand : ICliCommand
{
    private readonly Option<string> _workspace = new("--workspace") { Description = "Workspace folder.", Required = true };
    private readonly Option<string> _id = new("--id") { Description = "Name of the harvest.", Required = true };
    private readonly Option<string[]> _from = new("--from") { Description = $"{VectorFiles.Known}: an array [rows, width] or [sequences, positions, width], or a column of lists. Several files of one kind follow each other as they are named, those of a folder by name.", Required = true, AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _array = new("--array") { Description = "The array or column, where the file holds several." };
    private readonly Option<string> _hook = new("--hook") { Description = "What the vectors are called.", DefaultValueFactory = _ => "vectors" };
    private readonly Option<string> _model = new("--model") { Description = "What made them; recorded.", DefaultValueFactory = _ => "imported" };
    private readonly Option<string?> _texts = new("--texts") { Description = "A file of texts and labels, one record a vector (or sequence): PATH?text=COLUMN&label=COLUMN, as for --corpus." };
    private readonly Option<string?> _tokens = new("--tokens") { Description = "Token ids, one a vector: FILE or FILE:ARRAY of .npy, .npz or .safetensors." };
    private readonly Option<string> _dtype = new("--dtype") { Description = "auto, float16, bfloat16 or float32.", DefaultValueFactory = _ => "auto" };

    private readonly Option<int?> _shardRows = new("--shard-rows") { Description = $"Rows of a shard file; by default {ShardLayout.DefaultShardRows}, or fewer where such a file would pass 2 GB." };

    public Command Build()
    {
        return new Command("import", "Makes an ordinary harvest of activations or embeddings that were made elsewhere. The same line again resumes.")
            {
                _workspace, _id, _from, _array, _hook, _model, _texts, _tokens, _dtype, _shardRows,
            }
            .WithExample("harvest import --workspace W --from cells.npy --texts \"cells.jsonl?text=name&label=tissue\" --id c1")
            .Handle(Run);
    }

    private int Run(CommandCall call)
    {
        var request = new ImportRequest(
            call.Parse.GetRequiredValue(_from), call.Find(_array), call.Get(_hook), call.Get(_model), call.Find(_texts), call.Find(_tokens),
            StorageTypes.Parse(call.Get(_dtype)), call.Find(_shardRows));
        string id = call.Get(_id);
        var workspace = new Workspace(call.Get(_workspace));
        HarvestInfo info = TerminalProgress.Show(sink => new ImportRun(workspace, id, request, sink).Execute(call.Cancellation));
        call.Write(info, () => string.Create(
            CultureInfo.InvariantCulture,
            $"Harvest {info.Id}: {info.Rows:N0} rows of {info.Hooks[0].Name}, width {info.Hooks[0].Width}, of {info.Documents:N0} documents, in {workspace.HarvestFolder(id).Path}."));
        return ExitCodes.Success;
    }
}
