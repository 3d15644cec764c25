using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Workbench.Explorer.Catalog;
using Workbench.Explorer.Data;
using Workbench.Explorer.Inference;
using Workbench.Explorer.Models;
using Workbench.Interventions;

namespace Workbench.Explorer.Components.Pages;

/// <summary>Continues a prompt with and without edits, side by side; every setting is in the address.</summary>
public sealed partial class Steering : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(80);
    private const string PromptHint = "The beginning of a text";

    private readonly StringBuilder _baseline = new();
    private readonly StringBuilder _steered = new();
    private FeatureSpace? _space;
    private SteeringSettings _settings = new();
    private IReadOnlyDictionary<int, LabelEntry> _labels = new Dictionary<int, LabelEntry>();
    private SteeringResult? _result;
    private CancellationTokenSource? _stop;
    private string? _error;
    private string? _addError;
    private string _added = string.Empty;
    private bool _running;

    /// <summary>The dictionary's id.</summary>
    [Parameter]
    public string Dictionary { get; set; } = string.Empty;

    [Inject]
    private WorkspaceBrowser Browser { get; set; } = default!;

    [Inject]
    private LabelBook Book { get; set; } = default!;

    [Inject]
    private InferenceService Inference { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Script { get; set; } = default!;

    private float Maximum => _space is not null && _settings.Edits.Count > 0 ? _space.Index.Max[_settings.Edits[0].Latent] : 0;

    protected override void OnParametersSet()
    {
        try
        {
            _space = Browser.Open(Dictionary);
            _labels = Book.Of(_space.Info.WeightsHash);
            _settings = SteeringSettings.Parse(Navigation.Uri);
            _settings = _settings with { Edits = [.. _settings.Edits.Where(edit => edit.Latent < _space.Index.Latents)] };
        }
        catch (WorkbenchException absent)
        {
            _space = null;
            _error = absent.Message;
        }
    }

    public void Dispose()
    {
        _stop?.Cancel();
    }

    private void Change(SteeringSettings settings)
    {
        _settings = settings;
        Navigation.NavigateTo(Address.Steering(Dictionary) + settings.ToQueryString(), replace: true);
    }

    private void Replace(SteeringEdit edit, SteeringEdit? by)
    {
        Change(_settings with { Edits = [.. _settings.Edits.Select(e => e.Latent == edit.Latent ? by : e).OfType<SteeringEdit>()] });
    }

    private void AddFeature()
    {
        _addError = null;
        bool known = int.TryParse(_added.Trim().TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out int latent) && latent < _space!.Index.Latents;
        if (!known)
        {
            _addError = $"Write a number from 0 to {_space!.Index.Latents - 1}.";
        }
        else if (_settings.Edits.All(edit => edit.Latent != latent))
        {
            Change(_settings with { Edits = [.. _settings.Edits, new SteeringEdit(latent, 1, EditOperation.Add)] });
            _added = string.Empty;
        }
    }

    private async Task Generate()
    {
        _baseline.Clear();
        _steered.Clear();
        (_result, _error, _running) = (null, null, true);
        using var stop = new CancellationTokenSource();
        _stop = stop;
        (FeatureSpace space, SteeringSettings settings) = (_space!, _settings);
        try
        {
            Task<SteeringResult> run = Inference.RunAsync(
                (cache, cancellation) => new SteeringRun(cache, space, settings, Collect).Run(cancellation), stop.Token);
            while (await Task.WhenAny(run, Task.Delay(Interval)) != run)
            {
                StateHasChanged();
            }

            _result = await run;
        }
        catch (OperationCanceledException)
        {
        }
        catch (WorkbenchException refused)
        {
            _error = refused.Message;
        }
        finally
        {
            _stop = null;
            _running = false;
        }
    }

    /// <summary>Called on the worker's thread.</summary>
    private void Collect(bool steered, string text)
    {
        _ = InvokeAsync(() => (steered ? _steered : _baseline).Append(text));
    }

    private void Stop()
    {
        _stop?.Cancel();
    }

    private async Task SaveEdit()
    {
        try
        {
            await Script.InvokeVoidAsync("workbench.download", "edit.json", "application/json", SteeringRun.Plan(_space!, _settings).ToJson());
        }
        catch (WorkbenchException refused)
        {
            _error = refused.Message;
        }
    }
}
