using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Workbench.Explorer.Components.Layout;

/// <summary>The frame of every page: rail at the left, content at the right.</summary>
public partial class MainLayout
{
    private ErrorBoundary? _boundary;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private string SkipTarget => new Uri(Navigation.Uri).PathAndQuery + "#content";

    protected override void OnParametersSet()
    {
        _boundary?.Recover();
    }
}
