using Workbench.Features;
using Workbench.Workspaces;

namespace Workbench.Explorer.Jobs;

/// <summary>Find out what every latent of a dictionary fires on.</summary>
public sealed record IndexSpec(string Dictionary, string Harvest) : JobSpec
{
    public override string Title => $"Index {Dictionary} over {Harvest}";

    public override string Program => "saetrain";

    public override IReadOnlyList<string> Arguments(Workspace workspace)
    {
        return ["index", "--workspace", workspace.Root, "--dictionary", Dictionary, "--harvest", Harvest];
    }

    public override RunFolder Folder(Workspace workspace)
    {
        return new RunFolder(workspace.DictionaryFolder(Dictionary).ResultsPath(Path.Combine("indexes", Harvest)));
    }

    public override bool IsDone(Workspace workspace)
    {
        return FeatureIndex.Exists(Folder(workspace).Path);
    }
}
