namespace Workbench.Workspaces;

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>A process is at work, or was and died without a word (see <see cref="RunFolder.IsLocked"/>).</summary>
    Running,

    /// <summary>Stopped by the user; the same command line goes on from here.</summary>
    Interrupted,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>All results are there.</summary>
    Complete,
}
