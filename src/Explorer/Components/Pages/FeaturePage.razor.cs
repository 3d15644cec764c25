using System.Globalization;
using Microsoft.AspNetCore.Components;
using Workbench.Explorer.Catalog;
using Workbench.Explorer.Data;
using Workbench.Explorer.Models;
using Workbench.Features;

namespace Workbench.Explorer.Components.Pages;

/// <summary>One feature: its numbers, what it fires on, what it does to the next token, and what people say about it.</summary>
public partial class FeaturePage
{
    private FeatureSpace? _space;
    private FeatureStatistics _statistics;
    private IReadOnlyDictionary<int, LabelEntry> _labels = new Dictionary<int, LabelEntry>();
    private string? _error;
    private bool _editing;
    private int _shown = -1;

    /// <summary>The dictionary's id.</summary>
    [Parameter]
    public string Dictionary { get; set; } = string.Empty;

    [Parameter]
    public int Latent { get; set; }

    [Inject]
    private WorkspaceBrowser Browser { get; set; } = default!;

    [Inject]
    private LabelBook Book { get; set; } = default!;

    private LabelEntry? Entry => _labels.GetValueOrDefault(Latent);

    private string Title => Entry is { Label.Length: > 0 } named
        ? char.ToUpper(named.Label[0], CultureInfo.InvariantCulture) + named.Label[1..]
        : string.Create(CultureInfo.InvariantCulture, $"Feature {Latent}");

    private IReadOnlyList<Crumb> Crumbs =>
    [
        new(Browser.Name, "/"),
        new(Dictionary, Address.Features(Dictionary)),
        new(string.Create(CultureInfo.InvariantCulture, $"feature {Latent}")),
    ];

    protected override void OnParametersSet()
    {
        try
        {
            _space = Browser.Open(Dictionary);
            _statistics = _space.Index.Statistics(Latent);
            _labels = Book.Of(_space.Info.WeightsHash);
            _editing = _editing && _shown == Latent;
            _shown = Latent;
        }
        catch (WorkbenchException absent)
        {
            _space = null;
            _error = absent.Message;
        }
    }

    private void Save((string Label, string Note) text)
    {
        Write(text.Label, text.Note, Entry?.Starred ?? false);
        _editing = false;
    }

    private void ToggleStar()
    {
        Write(Entry?.Label ?? string.Empty, Entry?.Note ?? string.Empty, !(Entry?.Starred ?? false));
    }

    private void Write(string label, string note, bool starred)
    {
        string hash = _space!.Info.WeightsHash;
        Book.Write(hash, Latent, label, note, starred);
        _labels = Book.Of(hash);
    }
}
