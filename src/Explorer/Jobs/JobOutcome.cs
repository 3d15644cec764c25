namespace Workbench.Explorer.Jobs;

/// <summary>What a runner knows about a job; the exit code is null where the process went away without leaving one.</summary>
internal sealed record JobOutcome(bool Running, int? ExitCode, string? Error);
