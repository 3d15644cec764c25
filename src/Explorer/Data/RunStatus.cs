using Workbench.Workspaces;

namespace Workbench.Explorer.Data;

/// <summary>Where a run stands, with a died process told from a live one.</summary>
public sealed record RunStatus(RunState State, string? Sentence)
{
    public static RunStatus Of(RunFolder run)
    {
        RunManifest? manifest = run.Manifest;
        RunState state = manifest?.State ?? RunState.Interrupted;
        return new RunStatus(state == RunState.Running && !run.IsLocked ? RunState.Interrupted : state, manifest?.Error);
    }
}
