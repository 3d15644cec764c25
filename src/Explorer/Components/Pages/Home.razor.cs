using Microsoft.AspNetCore.Components;
using MudBlazor;
using Workbench.Explorer.Components.Controls;
using Workbench.Explorer.Components.Dialogs;
using Workbench.Explorer.Data;
using Workbench.Explorer.Jobs;
using Workbench.Workspaces;

namespace Workbench.Explorer.Components.Pages;

/// <summary>The workspace: what it holds, what is being done, and what to do next.</summary>
public partial class Home
{
    private const int JobsShown = 6;

    private IReadOnlyList<DictionarySummary> _dictionaries = [];
    private IReadOnlyList<HarvestSummary> _harvests = [];
    private IReadOnlyList<Job> _jobs = [];

    [Inject]
    private WorkspaceBrowser Browser { get; set; } = default!;

    [Inject]
    private JobQueue Queue { get; set; } = default!;

    [Inject]
    private Workspace Workspace { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    private string Root => Workspace.Root;

    private string? FirstIndexed => _dictionaries.FirstOrDefault(row => row.Indexes.Count > 0)?.Id;

    private bool CanTrain => _harvests.Any(row => row.Status.State == RunState.Complete);

    private IReadOnlyList<Job> RecentJobs => [.. _jobs.Where(job => job.IsActive).Reverse().Concat(_jobs.Where(job => !job.IsActive)).Take(JobsShown)];

    private string Contents => $"{Counted(_harvests.Count, "harvest")} · {Counted(_dictionaries.Count, "dictionary", "dictionaries")}";

    protected override void Look()
    {
        _dictionaries = Browser.Dictionaries();
        _harvests = Browser.Harvests();
        _jobs = Queue.Jobs();
    }

    private static string Counted(int count, string one, string? many = null)
    {
        return $"{count} {(count == 1 ? one : many ?? one + "s")}";
    }

    private Task NewHarvest()
    {
        return Dialogs.ShowAsync<HarvestDialog>("New harvest");
    }

    private Task NewDictionary()
    {
        return Dialogs.ShowAsync<TrainDialog>("Train a dictionary");
    }
}
