using System.Globalization;
using System.Text.Json;
using Workbench.Explorer.Catalog;
using Workbench.Explorer.Hosting;
using Workbench.Workspaces;

namespace Workbench.Explorer.Jobs;

/// <summary>Runs jobs one after another and keeps their state in the database; what runs at the start of the Explorer is found again.</summary>
internal sealed class JobQueue(
    CatalogDatabase database, IJobRunner runner, Workspace workspace, ExplorerOptions options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly Lock _access = new();

    /// <summary>All jobs, the latest first.</summary>
    public IReadOnlyList<Job> Jobs()
    {
        lock (_access)
        {
            return [.. Entries().OrderByDescending(e => e.Order).Select(View)];
        }
    }

    /// <summary>Puts a job at the end of the queue.</summary>
    /// <param name="spec">What to do.</param>
    /// <param name="chain">The chain that it belongs to: it waits where a step before it fails.</param>
    public string Enqueue(JobSpec spec, string? chain = null)
    {
        spec.Folder(workspace);
        lock (_access)
        {
            long order = Entries().Select(e => e.Order).DefaultIfEmpty().Max() + 1;
            string id = string.Create(CultureInfo.InvariantCulture, $"job-{order:D4}");
            database.Jobs.Insert(new JobEntry
            {
                Id = id,
                Spec = JsonSerializer.Serialize(spec, WorkbenchJson.Compact),
                Order = order,
                Chain = chain,
                Submitted = time.GetUtcNow().UtcTicks,
            });
            return id;
        }
    }

    /// <summary>Runs the same line again; the steps of its chain that waited for it come along.</summary>
    public void Resume(string id)
    {
        lock (_access)
        {
            if (database.Jobs.FindById(id) is not { } wanted || !View(wanted).CanResume)
            {
                return;
            }

            IEnumerable<JobEntry> followers = Followers(wanted).Where(e => e.State == JobState.Interrupted);
            foreach (JobEntry entry in followers.Prepend(wanted).ToList())
            {
                entry.State = JobState.Queued;
                entry.Error = null;
                entry.Ended = null;
                database.Jobs.Update(entry);
            }
        }
    }

    /// <summary>Takes a job out of the queue, or asks its process to stop.</summary>
    public void Cancel(string id)
    {
        lock (_access)
        {
            if (database.Jobs.FindById(id) is not { } entry)
            {
                return;
            }

            if (entry.State == JobState.Queued)
            {
                Finish(entry, JobState.Cancelled, null);
            }
            else if (entry.State == JobState.Running && Handle(entry) is { } handle)
            {
                runner.Cancel(id, handle);
            }
        }
    }

    /// <summary>The last lines that a job printed.</summary>
    public IReadOnlyList<string> Tail(string id, int lines)
    {
        return runner.Tail(id, lines);
    }

    /// <summary>One round: notices what ended and starts what is next.</summary>
    internal void Step()
    {
        lock (_access)
        {
            foreach (JobEntry entry in Entries().Where(e => e.State == JobState.Running).ToList())
            {
                Settle(entry);
            }

            List<JobEntry> left = [.. Entries().Where(e => e.State is JobState.Running or JobState.Queued).OrderBy(e => e.Order)];
            if (left is [{ State: JobState.Queued } next, ..] && left.All(e => e.State == JobState.Queued))
            {
                Start(next);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Demo)
        {
            DemoPlan.Enqueue(this, workspace);
        }

        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                Step();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Start(JobEntry entry)
    {
        try
        {
            JobHandle handle = runner.Submit(entry.Id, SpecOf(entry));
            entry.State = JobState.Running;
            entry.ProcessId = handle.ProcessId;
            entry.ProcessStart = handle.ProcessStart;
            entry.Started = time.GetUtcNow().UtcTicks;
            database.Jobs.Update(entry);
        }
        catch (Exception failure) when (failure is WorkbenchException or IOException or System.ComponentModel.Win32Exception)
        {
            Finish(entry, JobState.Failed, failure.Message);
            CancelFollowers(entry);
        }
    }

    private void Settle(JobEntry entry)
    {
        JobOutcome outcome = runner.Poll(entry.Id, Handle(entry));
        if (outcome.Running)
        {
            return;
        }

        JobState state = outcome.ExitCode switch
        {
            0 => JobState.Complete,
            Commands.ExitCodes.Interrupted => JobState.Cancelled,
            null => SpecOf(entry).IsDone(workspace) ? JobState.Complete : JobState.Interrupted,
            _ => JobState.Failed,
        };
        Finish(entry, state, state == JobState.Failed ? outcome.Error : null);
        if (state != JobState.Complete)
        {
            CancelFollowers(entry);
        }
    }

    /// <summary>What was queued behind a step of a chain needs its result, so it waits for a person or the next start.</summary>
    private void CancelFollowers(JobEntry failed)
    {
        foreach (JobEntry follower in Followers(failed).Where(e => e.State == JobState.Queued).ToList())
        {
            Finish(follower, JobState.Interrupted, null);
        }
    }

    private void Finish(JobEntry entry, JobState state, string? error)
    {
        entry.State = state;
        entry.Error = error;
        entry.Ended = time.GetUtcNow().UtcTicks;
        database.Jobs.Update(entry);
    }

    private Job View(JobEntry entry)
    {
        JobSpec spec = SpecOf(entry);
        RunProgress? progress = entry.State == JobState.Running ? spec.Folder(workspace).Progress() : null;
        return new Job(
            entry.Id, spec, entry.State, Time(entry.Submitted)!.Value, Time(entry.Started), Time(entry.Ended), entry.Error,
            progress is not null && progress.Updated.UtcTicks >= entry.Started ? progress : null);
    }

    private IEnumerable<JobEntry> Followers(JobEntry step)
    {
        return Entries().Where(e => step.Chain is not null && e.Chain == step.Chain && e.Order > step.Order);
    }

    private IEnumerable<JobEntry> Entries()
    {
        return database.Jobs.FindAll();
    }

    private static DateTimeOffset? Time(long? ticks)
    {
        return ticks is { } value ? new DateTimeOffset(value, TimeSpan.Zero) : null;
    }

    private static JobHandle? Handle(JobEntry entry)
    {
        return entry is { ProcessId: { } id, ProcessStart: { } start } ? new JobHandle(id, start) : null;
    }

    private static JobSpec SpecOf(JobEntry entry)
    {
        return JsonSerializer.Deserialize<JobSpec>(entry.Spec, WorkbenchJson.Compact)!;
    }
}
