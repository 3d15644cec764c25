using Workbench.Workspaces;

namespace Workbench.Explorer.Jobs;

/// <summary>Measure a dictionary on held-out text.</summary>
public sealed record EvaluateSpec(string Dictionary) : JobSpec
{
    public override string Title => $"Evaluate {Dictionary}";

    public override string Program => "saetrain";

    public override IReadOnlyList<string> Arguments(Workspace workspace)
    {
        return ["evaluate", "core", "--workspace", workspace.Root, "--dictionary", Dictionary];
    }

    public override RunFolder Folder(Workspace workspace)
    {
        return new RunFolder(workspace.DictionaryFolder(Dictionary).ResultsPath(Path.Combine("evaluations", "core")));
    }

    public override bool IsDone(Workspace workspace)
    {
        return File.Exists(Folder(workspace).Path + ".json");
    }
}
