namespace Workbench.Explorer.Jobs;

/// <summary>Where jobs run: as processes of this machine, or on a cluster.</summary>
internal interface IJobRunner
{
    /// <summary>Starts a job and returns at once.</summary>
    /// <param name="id">The job's id.</param>
    /// <param name="spec">What to do.</param>
    /// <exception cref="WorkbenchException">It cannot be started.</exception>
    JobHandle Submit(string id, JobSpec spec);

    /// <summary>How a job stands; knows jobs that an earlier Explorer started.</summary>
    JobOutcome Poll(string id, JobHandle? handle);

    /// <summary>Asks a job to stop in a resumable state.</summary>
    void Cancel(string id, JobHandle handle);

    /// <summary>The last lines that a job wrote.</summary>
    IReadOnlyList<string> Tail(string id, int lines);
}
