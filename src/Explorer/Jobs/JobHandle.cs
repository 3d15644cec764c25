namespace Workbench.Explorer.Jobs;

/// <summary>A started process: its id, and when it started, so that a later process of the same id is not taken for it.</summary>
internal sealed record JobHandle(int ProcessId, string ProcessStart);
