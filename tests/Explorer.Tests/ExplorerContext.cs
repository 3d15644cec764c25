using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Workbench.Explorer.Catalog;
using Workbench.Explorer.Data;
using Workbench.Explorer.Hosting;
using Workbench.Explorer.Inference;
using Workbench.Explorer.Jobs;
using Workbench.Features;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.Explorer.Tests;

/// <summary>Renders components over a workspace in a temporary folder, with a runner that starts no process.</summary>
public abstract class ExplorerContext : BunitContext
{
    private readonly TemporaryFolder _folder = new();

    protected ExplorerContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Workspace = new Workspace(_folder.Path);
        Services.AddMudServices();
        Services.AddSingleton(Workspace);
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new ExplorerOptions { Workspace = _folder.Path, Address = ListenAddress.Parse("http://127.0.0.1:5210", null) });
        Services.AddSingleton(CatalogDatabase.Open(_folder.Path, TimeProvider.System));
        Services.AddSingleton<LabelBook>();
        Services.AddSingleton<WorkspaceBrowser>();
        Services.AddSingleton<ModelWorker>();
        Services.AddSingleton<InferenceService>();
        Services.AddSingleton<FakeRunner>();
        Services.AddSingleton<IJobRunner>(provider => provider.GetRequiredService<FakeRunner>());
        Services.AddSingleton<JobQueue>();
        SetRendererInfo(new RendererInfo("Server", true));
    }

    protected Workspace Workspace { get; }

    internal LabelBook Labels => Services.GetRequiredService<LabelBook>();

    internal JobQueue Queue => Services.GetRequiredService<JobQueue>();

    internal FakeRunner Runner => Services.GetRequiredService<FakeRunner>();

    /// <summary>Writes a dictionary with a synthetic index, whose model is not here.</summary>
    protected FeatureSpace WriteSpace(string id = "d1", int latents = 24)
    {
        return WriteSpace(id, SyntheticFeatureIndex.Info with { Latents = latents });
    }

    /// <summary>Writes a dictionary with a synthetic index of one's own facts, whose model is not here.</summary>
    protected FeatureSpace WriteSpace(string id, FeatureIndexInfo facts)
    {
        RunFolder run = Workspace.DictionaryFolder(id);
        Directory.CreateDirectory(run.Path);
        run.Start(new RunManifest { Tool = "saetrain", Verb = "train", Id = id, Config = WorkbenchJson.Element(new { recipe = "openai-topk" }) });
        run.Finish(RunState.Complete);
        FeatureIndexInfo info = facts with { Dictionary = id };
        SyntheticFeatureIndex.Write(run.ResultsPath(Path.Combine("indexes", "synthetic")), info, SyntheticFeatureIndex.Sequences(40, 32, 97), 97);
        return Services.GetRequiredService<WorkspaceBrowser>().Open(id);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _folder.Dispose();
        }
    }
}
