using Microsoft.AspNetCore.HostFiltering;
using MudBlazor.Services;
using Workbench.Commands;
using Workbench.Explorer.Catalog;
using Workbench.Explorer.Components;
using Workbench.Explorer.Data;
using Workbench.Explorer.Inference;
using Workbench.Explorer.Jobs;
using Workbench.Workspaces;

namespace Workbench.Explorer.Hosting;

/// <summary>Builds the web application and runs it until it is told to stop.</summary>
internal static class ExplorerServer
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    public static int Run(ExplorerOptions options, TextWriter output, CancellationToken cancellation)
    {
        var workspace = new Workspace(options.Workspace);
        workspace.EnsureWritable();
        using WorkspaceLock held = WorkspaceLock.Take(workspace.Root);
        using WebApplication app = Build(options, workspace);
        try
        {
            app.StartAsync(cancellation).GetAwaiter().GetResult();
        }
        catch (IOException refused)
        {
            throw new WorkbenchException(
                $"Cannot listen at {options.Address.Url}: {refused.InnerException?.Message ?? refused.Message}; choose another port with --urls.", refused);
        }

        output.WriteLine($"Explorer of {workspace.Root}");
        output.WriteLine($"Open {app.Urls.First()} in a browser; Ctrl-C stops it, and jobs go on.");
        output.Flush();
        WaitForEnd(app, cancellation);
        return ExitCodes.Success;
    }

    private static void WaitForEnd(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            app.WaitForShutdownAsync(cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // Open pages did not let go in time; their connections are cut with the process.
        }
    }

    private static WebApplication Build(ExplorerOptions options, Workspace workspace)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ExplorerServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets();

        // Without this a build (not a publish) compresses every asset again at each request, at level zero.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        builder.WebHost.UseUrls(options.Address.Url);
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_patience);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddMudServices();
        builder.Services.AddResponseCompression(compression => compression.EnableForHttps = true);
        builder.Services.Configure<HostFilteringOptions>(hosts =>
            hosts.AllowedHosts = options.Token is null ? ["localhost", "127.0.0.1", "[::1]"] : ["*"]);
        builder.Services.AddExplorer(options, workspace);

        WebApplication app = builder.Build();
        app.UseResponseCompression();
        app.UseSecurityHeaders();
        app.UseMiddleware<AccessToken>();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }

    private static void AddExplorer(this IServiceCollection services, ExplorerOptions options, Workspace workspace)
    {
        services.AddSingleton(options);
        services.AddSingleton(workspace);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => CatalogDatabase.Open(workspace.Root, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LabelBook>();
        services.AddSingleton<WorkspaceBrowser>();
        services.AddSingleton<ModelWorker>();
        services.AddSingleton<InferenceService>();
        services.AddSingleton(new ToolPaths(options.Tools));
        services.AddSingleton<IJobRunner, LocalProcessRunner>();
        services.AddSingleton<JobQueue>();
        services.AddHostedService(provider => provider.GetRequiredService<JobQueue>());
    }
}
