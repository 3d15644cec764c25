using Microsoft.AspNetCore.Components;
using Workbench.Explorer.Models;

namespace Workbench.Explorer.Components.Controls;

/// <summary>The top line of every page: where one is, the search, and what moves to the previous and next.</summary>
public partial class PageBar
{
    private string _text = string.Empty;
    private string? _given;

    [Parameter, EditorRequired]
    public IReadOnlyList<Crumb> Crumbs { get; set; } = [];

    /// <summary>The dictionary that a search looks through; none, no search.</summary>
    [Parameter]
    public string? Dictionary { get; set; }

    /// <summary>What is searched for now.</summary>
    [Parameter]
    public string? Search { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    protected override void OnParametersSet()
    {
        if (Search != _given)
        {
            _given = Search;
            _text = Search ?? string.Empty;
        }
    }

    private void Submit()
    {
        Navigation.NavigateTo(Address.Features(Dictionary!, _text.Trim()));
    }
}
