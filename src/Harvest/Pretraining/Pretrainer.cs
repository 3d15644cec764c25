using System.Diagnostics;
using System.Text.Json;
using TorchSharp;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.Harvest.Pretraining;

/// <summary>Trains the model step by step, evaluates it, and keeps the run resumable.</summary>
internal sealed class Pretrainer : IDisposable
{
    private const int EvaluateEvery = 200;
    private const int EvaluationWindows = 128;
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromMinutes(3);

    private readonly PretrainFiles _files;
    private readonly PretrainData _data;
    private readonly LlamaParameters _parameters;
    private readonly PretrainOptimizer _optimizer;
    private readonly LlamaForward _forward;
    private readonly Action<PretrainState, string?> _report;
    private PretrainState _state;
    private double _lossSum;
    private long _lossSteps;

    public Pretrainer(PretrainFiles files, PretrainData data, PretrainState state, ScalarType product, Action<PretrainState, string?> report)
    {
        _files = files;
        _data = data;
        _state = state;
        _report = report;
        _parameters = new LlamaParameters(state.Options);
        _optimizer = new PretrainOptimizer(state.Options, _parameters, product);
        _forward = new LlamaForward(state.Options, _parameters, product);
        if (state.Step > 0)
        {
            PretrainState.Restore(files.State, _parameters, _optimizer);
        }
    }

    /// <summary>Trains to the end, or until cancelled, in which case the state is saved first.</summary>
    public PretrainState Run(CancellationToken cancellation)
    {
        long lastSave = Stopwatch.GetTimestamp();
        while (_state.LastStep is not { } last || _state.Step < last)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                cancellation.ThrowIfCancellationRequested();
            }

            Step();
            if (_state.Step % EvaluateEvery == 0)
            {
                Log(EvaluationWindows);
            }

            if (Stopwatch.GetElapsedTime(lastSave) > s_saveEvery)
            {
                Save();
                lastSave = Stopwatch.GetTimestamp();
            }
        }

        Log(_data.HeldOut.Windows);
        ModelFolder.Write(_files.Folder, _state.Options, _parameters);
        return _state;
    }

    public void Dispose()
    {
        _forward.Dispose();
        _optimizer.Dispose();
        _parameters.Dispose();
    }

    private void Step()
    {
        long start = Stopwatch.GetTimestamp();
        PretrainOptions options = _state.Options;
        _state = RateSchedule.Decide(_state);
        using (var scope = NewDisposeScope())
        {
            Tensor batch = _data.Train.Batch(_state.Step, options.Batch, options.Seed);
            int parts = options.Batch / options.MicroBatch;
            for (int part = 0; part < parts; part++)
            {
                using var partScope = NewDisposeScope();
                Tensor loss = _forward.Loss(batch.narrow(0, part * options.MicroBatch, options.MicroBatch)) / parts;
                loss.backward();
                _lossSum += loss.item<float>();
            }

            _optimizer.Step(_state.Step + 1, RateSchedule.Factor(_state));
            _parameters.ClearGradients();
        }

        _lossSteps++;
        _state = _state with { Step = _state.Step + 1, Seconds = _state.Seconds + Stopwatch.GetElapsedTime(start).TotalSeconds };
        if (!double.IsFinite(_lossSum))
        {
            throw new WorkbenchException($"The loss is not finite at step {_state.Step}; lower --matrix-rate or --vector-rate. The last saved state in {_files.State} is intact.");
        }

        _report(_state, null);
    }

    private double HeldOutLoss(int windows)
    {
        using var noGradient = no_grad();
        int part = _state.Options.MicroBatch;
        int used = Math.Min(windows, _data.HeldOut.Windows);
        double sum = 0;
        for (int first = 0; first < used; first += part)
        {
            using var scope = NewDisposeScope();
            int count = Math.Min(part, used - first);
            sum += count * (double)_forward.Loss(_data.HeldOut.InOrder(first, count)).item<float>();
        }

        return sum / used;
    }

    private void Log(int windows)
    {
        double heldOut = HeldOutLoss(windows);
        PretrainOptions options = _state.Options;
        var entry = new PretrainLogEntry(
            _state.Step,
            _state.Step * options.Batch * options.Context,
            Math.Round(_state.Seconds, 1),
            Math.Round(_lossSum / Math.Max(1, _lossSteps), 4),
            Math.Round(heldOut, 4),
            Math.Round(heldOut / _data.BytesPerToken, 4),
            Math.Round(RateSchedule.Factor(_state), 4));
        _files.Append(entry);
        _report(_state, $"train {entry.TrainLoss:f3}, held-out {entry.HeldOutLoss:f3}");
        (_lossSum, _lossSteps) = (0, 0);
        if (_files.Kept is { } kept && long.IsPow2(_state.Step / EvaluateEvery))
        {
            ModelFolder.Write(Path.Combine(kept, $"step-{_state.Step:d6}"), options, _parameters);
        }
    }

    private void Save()
    {
        _state.Save(_files.State, _parameters, _optimizer);
        ModelFolder.Write(_files.Folder, _state.Options, _parameters);
    }
}
