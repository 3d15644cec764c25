using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Dictionaries.Formats;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.SaeTrain.Data;
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
        using ITrainingData data = TrainingDataSources.Open(harvest, config, recipe.Arrangement);
        SafetensorsFile? checkpoint = TrainingCheckpoint.Latest(run);
        (ParameterSet parameters, DataConstants constants) = checkpoint is null
            ? Start(recipe, config, data, device)
            : (TrainingCheckpoint.Parameters(checkpoint, device), TrainingCheckpoint.Constants(checkpoint));
        using ParameterSet owned = parameters;
        using IOptimizer optimizer = recipe.Optimizer(config, parameters);
        using ITrainingObjective objective = recipe.Objective(config, parameters, constants);
        using Tensor mean = data.Mean().mul_((float)constants.OutputScale).to(device);
        using ITrainingBackend backend = new AutogradBackend(objective, optimizer, config.ClipNorm, mean);
        var trainer = new DictionaryTrainer(objective, optimizer, recipe.LearningRate(config), constants, backend);
        var state = new TrainingState(trainer, data);
        if (checkpoint is not null)
        {
            TrainingCheckpoint.Restore(checkpoint, state);
        }

        using var log = new RunLog(run, time, messages);
        log.Write(checkpoint is null ? Opening(config) : $"Going on at step {trainer.Steps} of {config.Steps}.");
        StepReport? last = Loop(run, config, state, device, cancellation);
        Save(run, config, harvest.Info, trainer);
        log.Write($"Complete after {trainer.Steps} steps{(last is null ? string.Empty : $"; {last.Dead} of {config.Latents} latents are dead")}.");
    }

    private static (ParameterSet Parameters, DataConstants Constants) Start(IRecipe recipe, TrainingConfig config, ITrainingData data, Device device)
    {
        using var scope = NewDisposeScope();
        TrainingBatch sample = data.Sample(SampleRows);
        DataConstants constants = recipe.Measure(config, sample);
        constants.Scale(sample);
        return (recipe.Initialise(config, sample, device), constants);
    }

    private StepReport? Loop(RunFolder run, TrainingConfig config, TrainingState state, Device device, CancellationToken cancellation)
    {
        DictionaryTrainer trainer = state.Trainer;
        var progress = new ProgressReporter(run, time, sink);
        using var metrics = new MetricsLog(run, trainer.Steps);
        bool everyStep = device.type == DeviceType.CPU;
        long lineStep = trainer.Steps;
        long lineTime = time.GetTimestamp();
        StepReport? last = null;
        progress.Report(Phase, trainer.Steps, config.Steps, "steps");
        while (trainer.Steps < config.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                TrainingCheckpoint.Save(run, state);
                cancellation.ThrowIfCancellationRequested();
            }

            using var scope = NewDisposeScope();
            TrainingBatch batch = On(device, state.Data.Next());
            long next = trainer.Steps + 1;
            bool line = trainer.Steps % StepsPerLine == 0 || next == config.Steps;
            bool save = next % request.SaveEvery == 0 || next == config.Steps;
            last = trainer.Step(batch, everyStep || line || save) ?? last;
            if (line)
            {
                double seconds = time.GetElapsedTime(lineTime).TotalSeconds;
                metrics.Write(last! with { TokensPerSecond = Math.Round((trainer.Steps - lineStep) * config.Batch / seconds) });
                (lineStep, lineTime) = (trainer.Steps, time.GetTimestamp());
            }

            progress.Report(Phase, trainer.Steps, config.Steps, "steps", last is null ? null : Describe(last));
            if (save)
            {
                TrainingCheckpoint.Save(run, state);
            }
        }

        return last;
    }

    private static TrainingBatch On(Device device, TrainingBatch batch)
    {
        if (device.type == DeviceType.CPU)
        {
            return batch;
        }

        Tensor input = batch.Input.to(device);
        return new TrainingBatch(input, ReferenceEquals(batch.Input, batch.Target) ? input : batch.Target.to(device));
    }

    private static void Save(RunFolder run, TrainingConfig config, HarvestInfo harvest, DictionaryTrainer trainer)
    {
        using var scope = NewDisposeScope();
        using ILatentModel dictionary = trainer.Objective.ToInference(DictionaryFacts.Template(config, harvest), trainer.Optimizer.ForInference);
        new SaeLensFormat().Save(dictionary, run.Path);
    }

    private static string Opening(TrainingConfig config)
    {
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Training {config.Latents} latents by {config.Recipe} ({config.Peer} {config.PeerVersion}) on {string.Join(" + ", config.Hooks)}{(config.HookOut is null ? string.Empty : " -> " + config.HookOut)} of {config.Harvest}: {config.Steps} steps of {config.Batch}, lr {config.LearningRate}, warm-up {config.WarmUpSteps}, decay {config.DecaySteps}, dead after {config.DeadTokens} tokens, {JsonSerializer.Serialize(config.Options)}, {config.Backend} in {config.Precision} on {config.Device}, {config.Threads} threads.");
    }

    private static string Describe(StepReport report)
    {
        return string.Create(CultureInfo.InvariantCulture, $"loss {report.Total:g4}, FVU {report.Fvu:f4}, L0 {report.L0:f1}, {report.Dead} dead");
    }
}
