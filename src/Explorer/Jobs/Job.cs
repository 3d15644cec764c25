using Workbench.Workspaces;

namespace Workbench.Explorer.Jobs;

/// <summary>A job as pages show it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Spec">What it does.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Submitted">When it was queued.</param>
/// <param name="Started">When its process started.</param>
/// <param name="Ended">When its process ended.</param>
/// <param name="Error">The sentence it failed with.</param>
/// <param name="Progress">How far it is, while it runs.</param>
public sealed record Job(
    string Id,
    JobSpec Spec,
    JobState State,
    DateTimeOffset Submitted,
    DateTimeOffset? Started,
    DateTimeOffset? Ended,
    string? Error,
    RunProgress? Progress)
{
    /// <summary>Whether it waits or is at work.</summary>
    public bool IsActive => State is JobState.Queued or JobState.Running;

    /// <summary>Whether the same line again would go on with it.</summary>
    public bool CanResume => State is JobState.Cancelled or JobState.Interrupted or JobState.Failed;
}
