using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Data;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Checkpoints;
using Workbench.SaeTrain.Training.HeldOut;
using Workbench.SaeTrain.Training.Reporting;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Training;

/// <summary>One training run in its folder: starts it, goes on with it after an interruption, or finds it complete.</summary>
internal sealed class DictionaryRun(TrainingRequest request, TextWriter messages, IProgressSink? sink, TimeProvider time)
{
    private const string Phase = "train";

    private readonly Workspace _workspace = new(request.Workspace);

    /// <summary>The full configuration, without a start.</summary>
    /// <exception cref="WorkbenchException">The run could not start.</exception>
    public TrainingConfig Resolve()
    {
        return DictionaryStart.Of(_workspace, request, time).Config;
    }

    /// <summary>Trains to the end, or says that there is nothing to do.</summary>
    /// <exception cref="OperationCanceledException">Stopped by the user; a checkpoint was written.</exception>
    /// <exception cref="WorkbenchException">The run cannot start or failed.</exception>
    public TrainingResult Execute(CancellationToken cancellation)
    {
        long began = time.GetTimestamp();
        DictionaryStart start = DictionaryStart.Of(_workspace, request, time);
        if (start.IsComplete)
        {
            return Result(start, alreadyComplete: true, began);
        }

        _workspace.EnsureWritable();
        using IDisposable held = start.Run.Lock();
        start.Begin();
        start.Run.Guard(() => Train(start, cancellation));
        return Result(start, alreadyComplete: false, began);
    }

    private TrainingResult Result(DictionaryStart start, bool alreadyComplete, long began)
    {
        using ILatentModel dictionary = DictionaryLoader.Load(start.Run.Path);
        return new TrainingResult(
            start.Run.Id,
            start.Run.Path,
            "complete",
            alreadyComplete,
            start.Config,
            dictionary.WeightsHash,
            MetricsLog.Last(start.Run),
            time.GetElapsedTime(began).TotalSeconds);
    }

    private void Train(DictionaryStart start, CancellationToken cancellation)
    {
        TrainingConfig config = start.Config;
        using var scope = NewDisposeScope();
        set_num_threads(config.Threads);
        using var log = new RunLog(start.Run, time, messages);
        var progress = new ProgressReporter(start.Run, time, sink);
        using Harvest harvest = Harvest.Open(_workspace.HarvestFolder(config.Harvest).Path);
        ShardVerification.Check(harvest, config.StoredHooks, (done, total) => progress.Report("verify", done, total, "bytes"), cancellation);
        try
        {
            using ITrainingData data = TrainingDataSources.Open(harvest, config, RecipeRegistry.Find(config.Recipe, null).Arrangement);
            using var heldOut = new HeldOutEvaluations(_workspace);
            using TrainingSession session = TrainingSession.Open(
                start.Run, config, harvest.Info, data, start.OpenOrigin(), heldOut.Find(harvest.Info, config, log.Write), log, time);
            start.Settle(session.Config);
            Lead(session, data, progress, cancellation);
            session.SaveResult();
            log.Write(RunSentences.Closing(session.Last, config));
            start.Run.Finish(RunState.Complete);
            session.RemoveStates();
        }
        catch (DivergenceException failure) when (failure.IsData)
        {
            throw new WorkbenchException(NonFiniteRows.Describe(harvest, config), failure);
        }
    }

    private static void Lead(TrainingSession session, ITrainingData data, ProgressReporter progress, CancellationToken cancellation)
    {
        TrainingConfig config = session.Config;
        Device device = ComputeDevice.Resolve(config.Device);
        TrainingCheckpoint.MoveTo(data, session.Steps, config.Batch);
        progress.Report(Phase, session.Steps, config.Steps, "steps");
        try
        {
            while (!session.IsDone)
            {
                if (cancellation.IsCancellationRequested)
                {
                    session.Save();
                    cancellation.ThrowIfCancellationRequested();
                }

                using var scope = NewDisposeScope();
                session.Step(data.Next().On(device));
                progress.Report(Phase, session.Steps, config.Steps, "steps", session.Message);
            }
        }
        catch (DivergenceException failure) when (!failure.IsData)
        {
            throw new WorkbenchException(session.Describe(failure), failure);
        }
    }
}
