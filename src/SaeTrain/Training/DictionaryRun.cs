using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Dictionaries.Formats;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>One training run in its folder: starts it, goes on with it after an interruption, or finds it complete.</summary>
internal sealed class DictionaryRun(TrainingRequest request, TextWriter messages, IProgressSink? sink, TimeProvider time)
{
    private const int SampleRows = 32_768;
    private const int StepsPerLine = 10;
    private const string Phase = "train";

    private readonly Workspace _workspace = new(request.Workspace);

    /// <summary>Trains to the end, or says that there is nothing to do.</summary>
    /// <exception cref="OperationCanceledException">Stopped by the user; a checkpoint was written.</exception>
    /// <exception cref="WorkbenchException">The run cannot start or failed.</exception>
    public TrainingResult Execute(CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        RunFolder run = _workspace.DictionaryFolder(request.Id);
        RunManifest? manifest = run.Manifest;
        TrainingConfig? stored = manifest is null ? null : StoredConfig(run, manifest);
        string harvestFolder = _workspace.HarvestFolder(request.Harvest).Path;
        HarvestInfo info = Harvest.ReadInfo(harvestFolder);
        TrainingConfig config = TrainingPlan.Resolve(request, info, stored);
        var inputs = Inputs(harvestFolder, info);
        if (manifest is not null)
        {
            TrainingPlan.RefuseChange(manifest, config);
            RefuseOtherHarvest(manifest, inputs);
            if (manifest.State == RunState.Complete)
            {
                return Result(run, config, alreadyComplete: true, start);
            }
        }

        _workspace.EnsureWritable();
        using IDisposable held = run.Lock();
        run.Start(new RunManifest
        {
            Tool = "saetrain",
            Verb = "train",
            Id = request.Id,
            Config = WorkbenchJson.Element(config),
            Seed = config.Seed,
            Inputs = inputs,
            Started = manifest?.Started ?? default,
        });
        try
        {
            using Harvest harvest = Harvest.Open(harvestFolder);
            Train(run, config, harvest, cancellation);
        }
        catch (OperationCanceledException)
        {
            run.Finish(RunState.Interrupted);
            throw;
        }
        catch (Exception failure)
        {
            run.Finish(RunState.Failed, failure.Message);
            throw;
        }

        run.Finish(RunState.Complete);
        return Result(run, config, alreadyComplete: false, start);
    }

    private static Dictionary<string, string> Inputs(string folder, HarvestInfo info)
    {
        return new Dictionary<string, string>
        {
            ["harvest"] = ContentHash.OfFile(Path.Combine(folder, HarvestInfo.FileName)),
            ["model"] = info.ModelHash,
            ["tokenizer"] = info.TokenizerHash,
            ["corpus"] = info.CorpusHash,
        };
    }

    private static TrainingConfig StoredConfig(RunFolder run, RunManifest manifest)
    {
        return System.Text.Json.JsonSerializer.Deserialize<TrainingConfig>(manifest.Config, WorkbenchJson.Options)
            ?? throw new WorkbenchException($"{run.ManifestPath} holds no configuration; use another --id.");
    }

    private void RefuseOtherHarvest(RunManifest manifest, Dictionary<string, string> inputs)
    {
        if (manifest.Inputs.TryGetValue("harvest", out string? before) && before != inputs["harvest"])
        {
            throw new WorkbenchException($"Harvest {request.Harvest} has changed since dictionary {manifest.Id} was started on it; use another --id.");
        }
    }

    private TrainingResult Result(RunFolder run, TrainingConfig config, bool alreadyComplete, long start)
    {
        using SparseAutoencoder dictionary = DictionaryLoader.LoadSparse(run.Path);
        return new TrainingResult(
            run.Id, run.Path, "complete", alreadyComplete, config, dictionary.WeightsHash, MetricsLog.Last(run), time.GetElapsedTime(start).TotalSeconds);
    }

    private void Train(RunFolder run, TrainingConfig config, Harvest harvest, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        set_num_threads(config.Threads);
        Device device = ComputeDevice.Resolve(config.Device);
        IRecipe recipe = RecipeRegistry.Find(config.Recipe, config.Architecture);
        ActivationStore store = harvest.Store(config.Hook);
        var batches = new ShuffledBatches(store, config.Batch, config.Seed);
        SafetensorsFile? checkpoint = TrainingCheckpoint.Latest(run);
        Tensor? sample = checkpoint is null ? Sample(store, config.Seed) : null;
        using DictionaryParameters parameters = sample is null
            ? TrainingCheckpoint.Parameters(checkpoint!, device)
            : recipe.Initialise(config, sample, device);
        double errorScale = sample is null ? TrainingCheckpoint.ErrorScale(checkpoint!) : recipe.ErrorScale(sample);
        using var optimizer = new AdamOptimizer(parameters, config.Beta1, config.Beta2, config.Epsilon);
        using TopKObjective objective = recipe.Objective(config, parameters, errorScale);
        var state = new TrainingState(parameters, optimizer, objective.Counters, batches, errorScale);
        if (checkpoint is not null)
        {
            TrainingCheckpoint.Restore(checkpoint, state);
        }

        sample?.Dispose();
        var schedule = new LearningRateSchedule(config.LearningRate, config.WarmUpSteps, config.DecaySteps, config.Steps);
        var trainer = new DictionaryTrainer(objective, parameters, optimizer, schedule, config.ClipNorm);
        using var log = new RunLog(run, time, messages);
        log.Write(checkpoint is null ? Opening(config) : $"Going on at step {optimizer.Steps} of {config.Steps}.");
        Tensor mean = tensor(harvest.Statistics(config.Hook).Mean.Select(value => (float)value).ToArray(), device: device);
        Loop(run, config, trainer, state, mean, cancellation);
        Save(run, config, harvest.Info, objective);
        log.Write($"Complete after {optimizer.Steps} steps; {objective.Counters.Silent(config.DeadWindow).Length} of {config.Latents} latents are dead.");
    }

    private void Loop(RunFolder run, TrainingConfig config, DictionaryTrainer trainer, TrainingState state, Tensor mean, CancellationToken cancellation)
    {
        var progress = new ProgressReporter(run, time, sink);
        using var metrics = new MetricsLog(run, trainer.Steps);
        using Tensor rows = empty(config.Batch, config.Width);
        long lineStep = trainer.Steps;
        long lineTime = time.GetTimestamp();
        progress.Report(Phase, trainer.Steps, config.Steps, "steps");
        while (trainer.Steps < config.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                TrainingCheckpoint.Save(run, state);
                cancellation.ThrowIfCancellationRequested();
            }

            state.Batches.Next(rows);
            using Tensor batch = rows.to(mean.device);
            StepReport report = trainer.Step(batch, mean);
            if (report.Step % StepsPerLine == 0 || trainer.Steps == config.Steps)
            {
                double seconds = time.GetElapsedTime(lineTime).TotalSeconds;
                metrics.Write(report with { TokensPerSecond = Math.Round((trainer.Steps - lineStep) * config.Batch / seconds) });
                (lineStep, lineTime) = (trainer.Steps, time.GetTimestamp());
            }

            progress.Report(Phase, trainer.Steps, config.Steps, "steps", Describe(report));
            if (trainer.Steps % request.SaveEvery == 0 || trainer.Steps == config.Steps)
            {
                TrainingCheckpoint.Save(run, state);
            }
        }
    }

    private static void Save(RunFolder run, TrainingConfig config, HarvestInfo harvest, TopKObjective objective)
    {
        using SparseAutoencoder dictionary = objective.ToInference(DictionaryFacts.Template(config, harvest));
        new SaeLensFormat().Save(dictionary, run.Path);
    }

    private static Tensor Sample(ActivationStore store, long seed)
    {
        Tensor sample = empty(Math.Min(SampleRows, store.Rows), store.Width);
        new ShuffledBatches(store, (int)sample.shape[0], seed).Next(sample);
        return sample;
    }

    private static string Opening(TrainingConfig config)
    {
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Training {config.Latents} latents (k {config.K}) by {config.Recipe} ({config.Peer} {config.PeerVersion}) on {config.Hook} of {config.Harvest}: {config.Steps} steps of {config.Batch}, lr {config.LearningRate}, warm-up {config.WarmUpSteps}, decay {config.DecaySteps}, dead after {config.DeadWindow} steps, aux-k {config.AuxK}, {config.Precision} on {config.Device}, {config.Threads} threads.");
    }

    private static string Describe(StepReport report)
    {
        return string.Create(CultureInfo.InvariantCulture, $"loss {report.Total:g4}, FVU {report.Fvu:f4}, L0 {report.L0:f1}, {report.Dead} dead");
    }
}
