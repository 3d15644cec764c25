using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;
using Workbench.Explorer.Catalog;
using Workbench.Explorer.Data;

namespace Workbench.Explorer.Components.Controls;

/// <summary>The rows of a selection; only those in sight are made, from the index's mapped columns.</summary>
public partial class FeatureTable
{
    private const int FirstPainted = 20;

    private Virtualize<int>? _rows;
    private int[]? _shown;

    [Parameter, EditorRequired]
    public FeatureSpace Space { get; set; } = default!;

    /// <summary>Latents in the order of the rows.</summary>
    [Parameter, EditorRequired]
    public int[] Rows { get; set; } = [];

    [Parameter, EditorRequired]
    public IReadOnlyDictionary<int, LabelEntry> Labels { get; set; } = new Dictionary<int, LabelEntry>();

    [Parameter, EditorRequired]
    public FeatureQuery Query { get; set; } = new();

    [Parameter]
    public EventCallback<FeatureQuery> QueryChanged { get; set; }

    [Inject]
    private IJSRuntime Script { get; set; } = default!;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_shown != Rows && _rows is not null)
        {
            bool other = _shown is not null && !_shown.AsSpan().SequenceEqual(Rows);
            _shown = Rows;
            await _rows.RefreshDataAsync();
            if (other)
            {
                await Script.InvokeVoidAsync("workbench.scrollTop", ".feature-scroll");
            }

            StateHasChanged();
        }
    }

    private ValueTask<ItemsProviderResult<int>> Provide(ItemsProviderRequest request)
    {
        int[] rows = Rows;
        int start = Math.Min(request.StartIndex, rows.Length);
        int count = Math.Min(request.Count, rows.Length - start);
        return ValueTask.FromResult(new ItemsProviderResult<int>(new ArraySegment<int>(rows, start, count), rows.Length));
    }

    private Task Sort(FeatureSort sort)
    {
        bool words = sort is FeatureSort.Latent or FeatureSort.Label or FeatureSort.Token or FeatureSort.Logit;
        bool ascending = sort == Query.Sort ? !Query.Ascending : words;
        return QueryChanged.InvokeAsync(Query with { Sort = sort, Ascending = ascending });
    }
}
