using Microsoft.AspNetCore.Components;

namespace Workbench.Explorer.Components.Controls;

/// <summary>A page that looks at the workspace again every second while it is open.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _gone = new();

    protected override void OnInitialized()
    {
        Look();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = WatchAsync();
        }
    }

    /// <summary>Reads what the page shows.</summary>
    protected abstract void Look();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gone.Cancel();
            _gone.Dispose();
        }
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_gone.Token))
            {
                Look();
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
