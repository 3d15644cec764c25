using System.Globalization;
using Workbench.Workspaces;

namespace Workbench.Explorer.Jobs;

/// <summary>Run a model over text and keep its activations.</summary>
public sealed record HarvestSpec(string Id, string Model, string Corpus, string Hook, long Tokens, int Context) : JobSpec
{
    public override string Title => $"Harvest {Id}: {Path.GetFileNameWithoutExtension(Model)} {Hook}";

    public override string Program => "harvest";

    public override IReadOnlyList<string> Arguments(Workspace workspace)
    {
        return
        [
            "run", "--workspace", workspace.Root, "--model", Model, "--corpus", Corpus, "--hook", Hook,
            "--tokens", Tokens.ToString(CultureInfo.InvariantCulture),
            "--context", Context.ToString(CultureInfo.InvariantCulture), "--id", Id,
        ];
    }

    public override RunFolder Folder(Workspace workspace)
    {
        return workspace.HarvestFolder(Id);
    }

    public override bool IsDone(Workspace workspace)
    {
        return Folder(workspace).Manifest?.State == RunState.Complete;
    }
}
