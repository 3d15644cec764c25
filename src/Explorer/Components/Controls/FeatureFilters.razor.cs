using System.Globalization;
using Microsoft.AspNetCore.Components;
using Workbench.Explorer.Data;

namespace Workbench.Explorer.Components.Controls;

/// <summary>What a feature table leaves out.</summary>
public partial class FeatureFilters
{
    [Parameter, EditorRequired]
    public FeatureQuery Query { get; set; } = new();

    [Parameter]
    public EventCallback<FeatureQuery> QueryChanged { get; set; }

    private static string? Text(double? value)
    {
        return value?.ToString("R", CultureInfo.InvariantCulture);
    }

    private static double? Read(ChangeEventArgs change)
    {
        return double.TryParse(change.Value?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    private Task Change(FeatureQuery query)
    {
        return QueryChanged.InvokeAsync(query);
    }

    private Task Clear()
    {
        return Change(new FeatureQuery { Sort = Query.Sort, Ascending = Query.Ascending });
    }
}
