using Microsoft.AspNetCore.Components;
using Workbench.Explorer.Data;
using Workbench.Explorer.Inference;

namespace Workbench.Explorer.Components.Controls;

/// <summary>Runs the model on a text of one's own and shows where the feature fires.</summary>
public sealed partial class TryText : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private string _text = string.Empty;
    private TextActivations? _result;
    private string? _error;
    private bool _running;

    [Parameter, EditorRequired]
    public FeatureSpace Space { get; set; } = default!;

    [Parameter, EditorRequired]
    public int Latent { get; set; }

    [Inject]
    private InferenceService Inference { get; set; } = default!;

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    private async Task Run()
    {
        (_running, _error) = (true, null);
        try
        {
            _result = await Inference.ActivationsAsync(Space, Latent, _text, _gone.Token);
        }
        catch (WorkbenchException refused)
        {
            _error = refused.Message;
        }
        catch (OperationCanceledException)
        {
        }

        _running = false;
    }
}
