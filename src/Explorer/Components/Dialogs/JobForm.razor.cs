using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Workbench.Explorer.Components.Dialogs;

/// <summary>The frame of a dialog that queues jobs: heading, fields, what was refused, and the two buttons.</summary>
public partial class JobForm
{
    /// <summary>The heading.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = string.Empty;

    /// <summary>The form's id in the document.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = string.Empty;

    /// <summary>What the button that submits says.</summary>
    [Parameter, EditorRequired]
    public string Action { get; set; } = string.Empty;

    /// <summary>Why the last attempt was refused, or null.</summary>
    [Parameter, EditorRequired]
    public string? Error { get; set; }

    /// <summary>Called to submit.</summary>
    [Parameter, EditorRequired]
    public EventCallback OnSubmit { get; set; }

    /// <summary>The fields.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;
}
