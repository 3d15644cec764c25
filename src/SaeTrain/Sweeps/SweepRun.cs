using System.Text.Json;
using TorchSharp;
using Workbench.Activations;
using Workbench.Numerics;
using Workbench.SaeTrain.Data;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Checkpoints;
using Workbench.SaeTrain.Training.HeldOut;
using Workbench.SaeTrain.Training.Reporting;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Sweeps;

/// <summary>
/// Trains many dictionaries over one pass of the data: a batch is read and moved once, and every dictionary takes its step. Each
/// has its own run folder and becomes, to the bit, what <c>train</c> makes of the same configuration; each can be resumed by itself.
/// </summary>
/// <param name="request">The grid.</param>
/// <param name="messages">Told what is going on.</param>
/// <param name="sink">Shown the progress.</param>
/// <param name="time">The clock.</param>
/// <param name="free">Bytes of free memory.</param>
internal sealed class SweepRun(SweepRequest request, TextWriter messages, IProgressSink? sink, TimeProvider time, Func<long> free)
{
    private const string ResultName = "result.json";
    private const string Verb = "sweep";

    private readonly Workspace _workspace = new(request.Workspace);

    /// <summary>Trains all to their ends.</summary>
    /// <exception cref="OperationCanceledException">Stopped by the user; every state was saved.</exception>
    /// <exception cref="WorkbenchException">The sweep cannot start, or dictionaries failed; the others are complete then.</exception>
    public SweepResult Execute(CancellationToken cancellation)
    {
        long began = time.GetTimestamp();
        var run = new RunFolder(_workspace.ExperimentFolder(request.Id).Path, time);
        SweepGrid grid = SweepGrid.Read(request.Grid, request.Source, request.Id);
        RefuseChange(run);
        _workspace.EnsureWritable();
        DictionaryStart[] starts = [.. grid.Entries.Select(entry => DictionaryStart.Of(_workspace, new TrainingRequest(request.Workspace, entry.Id, entry.Settings), time))];
        DictionaryStart[] open = [.. starts.Where(start => !start.IsComplete)];
        IReadOnlyList<DictionaryStart[]> waves = SweepWaves.Of(open, request.Jobs);
        long needed = waves.Count == 0 ? 0 : SweepWaves.RefuseTooLarge(waves, free());
        using IDisposable held = run.Lock();
        run.Start(new RunManifest
        {
            Tool = "saetrain",
            Verb = Verb,
            Id = request.Id,
            Config = WorkbenchJson.Element(new SweepConfig(request.Grid, [.. grid.Entries.Select(entry => entry.Id)])),
            Started = run.Manifest?.Started ?? default,
        });
        using var log = new RunLog(run, time, messages);
        log.Write(FormattableString.Invariant($"{open.Length} of {starts.Length} dictionaries to train in {waves.Count} passes over the data, about {needed / 1e9:f2} GB at most."));
        return run.Guard(() =>
        {
            IReadOnlyList<SweepOutcome> ended = Train(run, waves, open.Sum(start => start.Config.Steps), log, cancellation);
            SweepResult result = new(
                request.Id,
                [.. starts.Select(start => ended.FirstOrDefault(end => end.Id == start.Run.Id) ?? new SweepOutcome(start.Run.Id, "complete", null))],
                time.GetElapsedTime(began).TotalSeconds);
            AtomicFile.WriteJson(run.ResultsPath(ResultName), result);
            RefuseFailures(result);
            run.Finish(RunState.Complete);
            return result;
        });
    }

    private void RefuseChange(RunFolder run)
    {
        if (run.Manifest is RunManifest manifest
            && (manifest.Verb != Verb || !JsonElement.DeepEquals(manifest.Config.GetProperty("grid"), request.Grid)))
        {
            throw new WorkbenchException($"Experiment {request.Id} was started with another grid ({run.ManifestPath}); give the same grid, or another --id.");
        }
    }

    private static void RefuseFailures(SweepResult result)
    {
        SweepOutcome[] failed = [.. result.Dictionaries.Where(outcome => outcome.Error is not null)];
        if (failed.Length > 0)
        {
            throw new WorkbenchException($"{failed.Length} of {result.Dictionaries.Count} dictionaries failed, the others are complete. {failed[0].Id}: {failed[0].Error}");
        }
    }

    private List<SweepOutcome> Train(RunFolder run, IReadOnlyList<DictionaryStart[]> waves, long total, RunLog log, CancellationToken cancellation)
    {
        var outcomes = new List<SweepOutcome>();
        var progress = new ProgressReporter(run, time, sink);
        using var heldOut = new HeldOutEvaluations(_workspace);
        long before = 0;
        foreach (DictionaryStart[] wave in waves)
        {
            TrainingConfig first = wave[0].Config;
            using var scope = NewDisposeScope();
            set_num_threads(first.Threads);
            using Harvest harvest = Harvest.Open(_workspace.HarvestFolder(first.Harvest).Path);
            ShardVerification.Check(harvest, first.StoredHooks, (done, all) => progress.Report("verify", done, all, "bytes"), cancellation);
            using ITrainingData data = TrainingDataSources.Open(harvest, first, RecipeRegistry.Find(first.Recipe, null).Arrangement);
            var members = new List<SweepMember>();
            try
            {
                foreach (DictionaryStart start in wave)
                {
                    members.Add(new SweepMember(start, time));
                    members[^1].Open(harvest, data, heldOut, time);
                }

                Lead(members, harvest, data, first, done => progress.Report("train", before + done, total, "steps", $"{members.Count(member => member.IsAtWork)} side by side"), cancellation);
                outcomes.AddRange(members.Select(member => new SweepOutcome(member.Id, member.Error is null ? "complete" : "failed", member.Error)));
            }
            finally
            {
                members.ForEach(member => member.Dispose());
            }

            members.ForEach(member => log.Write($"{member.Id}: {member.Error ?? "complete."}"));
            before += wave.Sum(start => start.Config.Steps);
        }

        return outcomes;
    }

    private static void Lead(
        List<SweepMember> members, Harvest harvest, ITrainingData data, TrainingConfig config, Action<long> progress, CancellationToken cancellation)
    {
        Device device = ComputeDevice.Resolve(config.Device);
        long step = members.Where(member => member.IsAtWork).Select(member => member.Steps).DefaultIfEmpty(0).Min();
        TrainingCheckpoint.MoveTo(data, step, config.Batch);
        for (; members.Any(member => member.IsAtWork); step++)
        {
            if (cancellation.IsCancellationRequested)
            {
                members.ForEach(member => member.Interrupt());
                cancellation.ThrowIfCancellationRequested();
            }

            using var scope = NewDisposeScope();
            TrainingBatch batch = data.Next().On(device);
            foreach (SweepMember member in members.Where(member => member.IsAtWork && member.Steps == step))
            {
                member.Step(harvest, batch);
            }

            members.ForEach(member => member.FinishOnce(harvest));
            progress(members.Sum(member => member.Steps));
        }

        members.ForEach(member => member.FinishOnce(harvest));
    }
}
