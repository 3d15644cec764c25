using Microsoft.AspNetCore.Components;
using MudBlazor;
using Workbench.Explorer.Data;
using Workbench.Explorer.Jobs;
using Workbench.Workspaces;

namespace Workbench.Explorer.Components.Dialogs;

/// <summary>A dialog that queues jobs: it closes when they are queued, and stays with the reason where they are refused.</summary>
public abstract class JobDialog : ComponentBase
{
    /// <summary>Why the last attempt was refused, or null.</summary>
    protected string? Error { get; private set; }

    [Inject]
    private protected WorkspaceBrowser Browser { get; set; } = default!;

    [Inject]
    private protected Workspace Workspace { get; set; } = default!;

    [Inject]
    private protected JobQueue Queue { get; set; } = default!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    /// <summary>Checks what was entered and queues the jobs.</summary>
    /// <exception cref="WorkbenchException">Something cannot be used; the sentence is shown.</exception>
    protected abstract void Enqueue();

    /// <summary>Queues the jobs and closes.</summary>
    protected void Submit()
    {
        try
        {
            Enqueue();
            Dialog.Close();
        }
        catch (WorkbenchException refused)
        {
            Error = refused.Message;
        }
    }

    /// <summary>Refuses a name that a run has already.</summary>
    private protected static void RefuseTaken(RunFolder run, string kind, string name)
    {
        if (File.Exists(run.ManifestPath))
        {
            throw new UsageException($"There is a {kind} {name} already; choose another name.");
        }
    }
}
