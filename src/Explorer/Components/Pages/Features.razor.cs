using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using Workbench.Explorer.Catalog;
using Workbench.Explorer.Data;
using Workbench.Explorer.Models;

namespace Workbench.Explorer.Components.Pages;

/// <summary>All features of a dictionary as a table; what is shown and how it is sorted is in the address.</summary>
public sealed partial class Features : IDisposable
{
    private FeatureSpace? _space;
    private FeatureQuery _query = new();
    private IReadOnlyDictionary<int, LabelEntry> _labels = new Dictionary<int, LabelEntry>();
    private int[] _rows = [];
    private string? _error;

    /// <summary>The dictionary's id.</summary>
    [Parameter]
    public string Dictionary { get; set; } = string.Empty;

    [Inject]
    private WorkspaceBrowser Browser { get; set; } = default!;

    [Inject]
    private LabelBook Book { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Script { get; set; } = default!;

    private string SortText => $"{_query.Sort.ToString().ToLowerInvariant()}, {(_query.Ascending ? "ascending" : "descending")}";

    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
    }

    protected override void OnParametersSet()
    {
        Look();
    }

    public void Dispose()
    {
        Navigation.LocationChanged -= Moved;
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == Address.Features(Dictionary))
        {
            _ = InvokeAsync(() =>
            {
                Look();
                StateHasChanged();
            });
        }
    }

    private void Look()
    {
        try
        {
            _space = Browser.Open(Dictionary);
            _query = FeatureQuery.Parse(Navigation.Uri);
            _labels = Book.Of(_space.Info.WeightsHash);
            _rows = FeatureSelection.Select(_space, _query, _labels);
        }
        catch (WorkbenchException absent)
        {
            _space = null;
            _error = absent.Message;
        }
    }

    private void Go(FeatureQuery query)
    {
        Navigation.NavigateTo(Address.Features(Dictionary) + query.ToQueryString(), replace: true);
    }

    private async Task Export()
    {
        var text = new StringBuilder("latent,label,density,fire_count,max,mean_active,decoder_norm,top_token,top_logit,flags")
            .AppendJoin(string.Empty, (_space!.Info.Hooks ?? []).Select(hook => $",{Quoted($"share at {hook.Name}")}"))
            .Append('\n');
        foreach (int latent in _rows)
        {
            var s = _space!.Index.Statistics(latent);
            text.Append(CultureInfo.InvariantCulture, $"{latent},{Quoted(_labels.GetValueOrDefault(latent)?.Label)},{s.Density:R},{s.FireCount},{s.Max:R},{s.MeanActive:R},{s.DecoderNorm:R},")
                .Append(CultureInfo.InvariantCulture, $"{Quoted(_space.TokenText(s.TopToken))},{Quoted(_space.TokenText(_space.TopLogits[latent]))},{Quoted(s.Flags.ToString())}")
                .AppendJoin(string.Empty, _space.Index.HookShares(latent).Select(share => string.Create(CultureInfo.InvariantCulture, $",{share.Share:0.######}")))
                .Append('\n');
        }

        await Script.InvokeVoidAsync("workbench.download", $"{Dictionary}-features.csv", "text/csv", text.ToString());
    }

    private static string Quoted(string? text)
    {
        return $"\"{(text ?? string.Empty).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
