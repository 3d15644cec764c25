namespace Workbench.Explorer.Jobs;

/// <summary>Where a job stands.</summary>
public enum JobState
{
    /// <summary>Waits for its turn.</summary>
    Queued,

    /// <summary>Its process is at work.</summary>
    Running,

    /// <summary>Done.</summary>
    Complete,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>Stopped by a person; the same line again resumes it.</summary>
    Cancelled,

    /// <summary>Its process went away without a word; the same line again resumes it.</summary>
    Interrupted,
}
