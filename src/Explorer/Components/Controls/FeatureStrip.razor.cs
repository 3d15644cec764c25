using Microsoft.AspNetCore.Components;
using Workbench.Explorer.Data;
using Workbench.Explorer.Models;
using Workbench.Features;

namespace Workbench.Explorer.Components.Controls;

/// <summary>The numbers of a feature in one line.</summary>
public partial class FeatureStrip
{
    private const double NormalQuantile = 1.96;

    private TopLabel? _label;
    private FeatureNeighbour? _nearest;

    [Parameter, EditorRequired]
    public FeatureSpace Space { get; set; } = default!;

    [Parameter, EditorRequired]
    public FeatureStatistics Statistics { get; set; }

    private string HalfWidth
    {
        get
        {
            double share = Statistics.Density;
            double width = NormalQuantile * Math.Sqrt(share * (1 - share) / Math.Max(1, Statistics.TokenCount));
            return Show.Percent(width);
        }
    }

    protected override void OnParametersSet()
    {
        _label = TopLabel.Of(Space, Statistics.Latent);
        _nearest = Space.Index.Neighbours(Statistics.Latent) is [var first, ..] ? first : null;
    }
}
