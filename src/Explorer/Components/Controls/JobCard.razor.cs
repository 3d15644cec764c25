using System.Globalization;
using Microsoft.AspNetCore.Components;
using Workbench.Explorer.Jobs;
using Workbench.Explorer.Models;
using Workbench.Workspaces;

namespace Workbench.Explorer.Components.Controls;

/// <summary>One job: what it does, how far it is, and what can be done about it.</summary>
public partial class JobCard
{
    private const int LinesShown = 40;

    private bool _log;

    [Parameter, EditorRequired]
    public Job Job { get; set; } = default!;

    /// <summary>Whether what the job printed can be opened.</summary>
    [Parameter]
    public bool ShowLog { get; set; }

    [Inject]
    private JobQueue Queue { get; set; } = default!;

    private IReadOnlyList<string> Lines => Queue.Tail(Job.Id, LinesShown) is { Count: > 0 } lines ? lines : ["nothing printed yet"];

    private string Whole => ((Job.Progress?.Fraction ?? 0) * 100).ToString("0", CultureInfo.InvariantCulture);

    private string StateText => Job.State switch
    {
        JobState.Running when Job.Progress is { Total: > 0 } => Whole + " %",
        JobState.Running => "starting",
        JobState.Complete => "done",
        _ => Job.State.ToString().ToLowerInvariant(),
    };

    private string StateClass => Job.State switch
    {
        JobState.Complete => "state-ok",
        JobState.Failed => "state-bad",
        JobState.Cancelled or JobState.Interrupted => "state-warn",
        _ => string.Empty,
    };

    private string Detail
    {
        get
        {
            if (Job.Progress is not { } progress)
            {
                return "starting the program";
            }

            string done = progress.Total > 0
                ? $"{progress.Phase}: {Show.Short(progress.Done)} of {Show.Short(progress.Total)} {progress.Unit}"
                : $"{progress.Phase}: {Show.Short(progress.Done)} {progress.Unit}";
            return progress.Rate > 0 ? $"{done} · {Show.Short(progress.Rate)} {progress.Unit}/s" : done;
        }
    }

    private string Left => Job.Progress is { EtaSeconds: { } seconds } ? $"{Show.Duration(TimeSpan.FromSeconds(seconds))} left" : string.Empty;

    private string? Summary => Job.State switch
    {
        JobState.Failed => Job.Error ?? "It failed without a word.",
        JobState.Interrupted => "Interrupted; resuming runs the same line again and goes on.",
        JobState.Cancelled => "Stopped; resuming goes on where it was.",
        JobState.Complete when Job is { Started: { } started, Ended: { } ended } => $"in {Show.Duration(ended - started)}",
        _ => null,
    };

    private void Cancel()
    {
        Queue.Cancel(Job.Id);
    }

    private void Resume()
    {
        Queue.Resume(Job.Id);
    }
}
