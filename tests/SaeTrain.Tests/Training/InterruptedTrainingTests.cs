using System.Text.Json;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Settings;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Tests.Training;

[Collection("Training")]
public sealed class InterruptedTrainingTests : IDisposable
{
    private readonly string _workspace = Directory.CreateTempSubdirectory("interrupted").FullName;

    [Fact]
    public void An_interrupted_training_goes_on_where_it_stopped_and_ends_the_same()
    {
        new SyntheticHarvest().Write(_workspace);
        TrainingResult whole = Run("whole", null).Execute(CancellationToken.None);
        using var stop = new CancellationTokenSource();

        Should.Throw<OperationCanceledException>(() => Run("stopped", new StopAt(stop, 33)).Execute(stop.Token));
        RunFolder run = new Workspace(_workspace).DictionaryFolder("stopped");
        run.Manifest!.State.ShouldBe(RunState.Interrupted);
        File.Exists(run.ResultsPath("cfg.json")).ShouldBeFalse();
        TrainingResult result = Run("stopped", null).Execute(CancellationToken.None);

        result.WeightsHash.ShouldBe(whole.WeightsHash);
        result.AlreadyComplete.ShouldBeFalse();
        WorkbenchJson.Element(result.Config).GetRawText().ShouldBe(WorkbenchJson.Element(whole.Config).GetRawText());
    }

    [Fact]
    public void A_harvest_that_changed_is_refused_on_resuming()
    {
        new SyntheticHarvest().Write(_workspace);
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => Run("d1", new StopAt(stop, 5)).Execute(stop.Token));
        new SyntheticHarvest { Seed = 2 }.Write(_workspace);

        Should.Throw<WorkbenchException>(() => Run("d1", null).Execute(CancellationToken.None)).Message.ShouldContain("changed");
    }

    public void Dispose()
    {
        Directory.Delete(_workspace, recursive: true);
    }

    private DictionaryRun Run(string id, IProgressSink? sink)
    {
        TrainingSettings settings = new TrainingSettings()
            .Set(nameof(TrainingConfig.Harvest), "h1")
            .Set(nameof(TrainingConfig.Recipe), "saelens-topk")
            .Set(nameof(TrainingConfig.Latents), 64)
            .Set(nameof(TrainingConfig.Batch), 256)
            .Set(nameof(TrainingConfig.Threads), 1)
            .SetOption("k", JsonSerializer.SerializeToElement(6));
        var request = new TrainingRequest(_workspace, id, settings);
        return new DictionaryRun(request, TextWriter.Null, sink, new SteppingTime());
    }
}
