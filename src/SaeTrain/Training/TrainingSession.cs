using System.Globalization;
using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Models.Weights;
using Workbench.SaeTrain.Data;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Checkpoints;
using Workbench.SaeTrain.Training.HeldOut;
using Workbench.SaeTrain.Training.Reporting;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Training;

/// <summary>One dictionary in training: does a step with each batch that it is given, and tells, evaluates and saves when that is due.</summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly RunFolder _run;
    private readonly HarvestInfo _harvest;
    private readonly long _rows;
    private readonly TimeProvider _time;
    private readonly AssembledTrainer _assembled;
    private readonly CheckpointFolder _checkpoints;
    private readonly MetricsLog _metrics;
    private readonly IHeldOutEvaluation? _heldOut;
    private readonly bool _everyStep;
    private long _lineStep;
    private long _lineTime;
    private HeldOutReport? _lastHeldOut;

    private TrainingSession(
        RunFolder run, TrainingConfig config, HarvestInfo harvest, long rows, CheckpointFolder checkpoints, AssembledTrainer assembled, IHeldOutEvaluation? heldOut, TimeProvider time)
    {
        (_run, Config, _harvest, _rows, _checkpoints, _assembled, _heldOut, _time) = (run, config, harvest, rows, checkpoints, assembled, heldOut, time);
        _metrics = new MetricsLog(run, Steps);
        _everyStep = ComputeDevice(config) == DeviceType.CPU;
        (_lineStep, _lineTime) = (Steps, time.GetTimestamp());
    }

    /// <summary>The configuration, its backend resolved.</summary>
    public TrainingConfig Config { get; }

    /// <summary>Steps done.</summary>
    public long Steps => _assembled.Trainer.Steps;

    public bool IsDone => Steps >= Config.Steps;

    /// <summary>The latest numbers that were read.</summary>
    public StepReport? Last { get; private set; }

    /// <summary>How far the run is, for people.</summary>
    public string? Message => Last is null ? null : RunSentences.Progress(Last, _lastHeldOut);

    /// <summary>Starts a run, or takes it up at its latest state.</summary>
    /// <param name="run">Its folder.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="harvest">Where the rows come from.</param>
    /// <param name="data">The rows; they are not moved.</param>
    /// <param name="origin">Opens the dictionary to start from; null where there is none.</param>
    /// <param name="heldOut">Evaluates on held-out text, or null.</param>
    /// <param name="log">The run's log.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="WorkbenchException">Data or origin do not fit.</exception>
    public static TrainingSession Open(
        RunFolder run,
        TrainingConfig config,
        HarvestInfo harvest,
        ITrainingData data,
        Func<InitialDictionary>? origin,
        IHeldOutEvaluation? heldOut,
        RunLog log,
        TimeProvider time)
    {
        var checkpoints = new CheckpointFolder(run, step => CheckpointSteps.Keeps(config.Checkpoints, step));
        SafetensorsFile? state = checkpoints.Latest(log.Write);
        AssembledTrainer assembled;
        if (state is null)
        {
            using InitialDictionary? initial = origin?.Invoke();
            assembled = AssembledTrainer.Start(config, data, initial, log.Write);
        }
        else
        {
            assembled = AssembledTrainer.Resume(config, data, state, log.Write);
        }

        config = config with { Backend = assembled.Backend };
        var session = new TrainingSession(run, config, harvest, data.Rows, checkpoints, assembled, heldOut, time);
        log.Write(state is null ? RunSentences.Opening(config) : $"Going on at step {session.Steps} of {config.Steps}.");
        return session;
    }

    /// <summary>Does one step.</summary>
    /// <param name="batch">The batch of this step, on the device of training; it is left as it is.</param>
    /// <exception cref="WorkbenchException">Training diverged, or a file cannot be written.</exception>
    public void Step(TrainingBatch batch)
    {
        long next = Steps + 1;
        bool ends = next == Config.Steps;
        bool evaluates = _heldOut is not null && Config.EvaluateEvery > 0 && (next % Config.EvaluateEvery == 0 || ends);
        bool tells = Steps % Config.LogEvery == 0 || ends || evaluates;
        bool saves = next % Config.SaveEvery == 0 || ends || CheckpointSteps.Keeps(Config.Checkpoints, next);
        StepReport? report = _assembled.Trainer.Step(batch, _everyStep || tells || saves);
        if (report is not null)
        {
            Divergence.Refuse(report);
            Last = report;
        }

        if (tells)
        {
            HeldOutReport? held = evaluates ? Evaluate() : null;
            _lastHeldOut = held ?? _lastHeldOut;
            double seconds = _time.GetElapsedTime(_lineTime).TotalSeconds;
            Last = Last! with
            {
                TokensPerSecond = Math.Round((Steps - _lineStep) * Config.Batch / seconds),
                HeldOut = held,
            };
            _metrics.Write(Last);
            (_lineStep, _lineTime) = (Steps, _time.GetTimestamp());
        }

        if (saves)
        {
            Save();
        }
    }

    /// <summary>Saves the state and the dictionary as they are.</summary>
    /// <exception cref="WorkbenchException">A weight is not finite, so that nothing was saved, or a file cannot be written.</exception>
    public void Save()
    {
        if (Steps == 0 || _checkpoints.LatestStep == Steps)
        {
            return;
        }

        if (TrainingCheckpoint.NotFinite(_assembled.Trainer) is string name)
        {
            throw new DivergenceException(Steps - 1, false, $"After step {Steps - 1}, {name} is not finite: training diverged; use a smaller --lr and another --id.");
        }

        _checkpoints.Add(Steps, folder =>
        {
            SaveDictionary(folder);
            TrainingCheckpoint.Write(Path.Combine(folder, CheckpointRecord.StateFile), _assembled.Trainer, _rows, Config.Batch);
        });
    }

    /// <summary>Saves the dictionary of a run that has come to its end.</summary>
    public void SaveResult()
    {
        SaveDictionary(_run.Path);
    }

    /// <summary>Keeps no state, once the run is complete.</summary>
    public void RemoveStates()
    {
        _checkpoints.RemoveStates();
    }

    /// <summary>The sentence of a failure, with what is left to go on from.</summary>
    public string Describe(DivergenceException failure)
    {
        return _checkpoints.LatestStep is long step
            ? string.Create(CultureInfo.InvariantCulture, $"{failure.Message.TrimEnd('.')}. The checkpoint of step {step} is good and stays: {_run.Id}@{step}.")
            : failure.Message;
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _assembled.Dispose();
    }

    private HeldOutReport Evaluate()
    {
        using var scope = NewDisposeScope();
        using ILatentModel dictionary = Dictionary();
        return _heldOut!.Measure(dictionary);
    }

    private void SaveDictionary(string folder)
    {
        using var scope = NewDisposeScope();
        using ILatentModel dictionary = Dictionary();
        DictionaryLoader.Save(dictionary, folder);
    }

    private ILatentModel Dictionary()
    {
        DictionaryTrainer trainer = _assembled.Trainer;
        return trainer.Objective.ToInference(DictionaryFacts.Template(Config, _harvest), trainer.Optimizer.ForInference);
    }

    private static DeviceType ComputeDevice(TrainingConfig config)
    {
        return Numerics.ComputeDevice.Resolve(config.Device).type;
    }
}
