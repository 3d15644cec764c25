using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Workbench.Explorer.Data;
using Workbench.Explorer.Jobs;

namespace Workbench.Explorer.Components.Layout;

/// <summary>The rail at the left: pages, the dictionaries of the workspace, the theme.</summary>
public sealed partial class NavRail : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _gone = new();
    private IReadOnlyList<string> _dictionaries = [];
    private int _active;
    private string? _visited;
    private int _latent;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private WorkspaceBrowser Browser { get; set; } = default!;

    [Inject]
    private JobQueue Queue { get; set; } = default!;

    private string? Dictionary => _visited is not null && _dictionaries.Contains(_visited) ? _visited : _dictionaries.Count > 0 ? _dictionaries[0] : null;

    private int Latent => _latent;

    private bool OnFeature { get; set; }

    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        Look();
        ReadAddress();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = WatchAsync();
        }
    }

    public void Dispose()
    {
        Navigation.LocationChanged -= Moved;
        _gone.Cancel();
        _gone.Dispose();
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        ReadAddress();
        _ = InvokeAsync(StateHasChanged);
    }

    private void ReadAddress()
    {
        string[] parts = new Uri(Navigation.Uri).AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        OnFeature = parts is ["dictionaries", _, "features", _];
        if (parts is ["dictionaries", var id, ..])
        {
            id = Uri.UnescapeDataString(id);
            _latent = id == _visited ? _latent : 0;
            _visited = id;
        }

        if (OnFeature && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int latent))
        {
            _latent = latent;
        }
    }

    private bool Look()
    {
        IReadOnlyList<string> dictionaries = Browser.Indexed();
        int active = Queue.Jobs().Count(job => job.IsActive);
        bool changed = active != _active || !dictionaries.SequenceEqual(_dictionaries);
        (_dictionaries, _active) = (dictionaries, active);
        return changed;
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_gone.Token))
            {
                if (Look())
                {
                    StateHasChanged();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
