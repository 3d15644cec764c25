using Workbench.Activations;
using Workbench.SaeTrain.Data;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.HeldOut;
using Workbench.SaeTrain.Training.Reporting;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Sweeps;

/// <summary>One dictionary of a sweep while it is trained: what happens to it does not touch the others.</summary>
internal sealed class SweepMember : IDisposable
{
    private readonly DictionaryStart _start;
    private readonly IDisposable _lock;
    private readonly RunLog _log;
    private readonly ProgressReporter _progress;
    private TrainingSession? _session;
    private bool _finished;

    public SweepMember(DictionaryStart start, TimeProvider time)
    {
        _start = start;
        _lock = start.Run.Lock();
        _log = new RunLog(start.Run, time, null);
        _progress = new ProgressReporter(start.Run, time);
    }

    public string Id => _start.Run.Id;

    /// <summary>Steps done.</summary>
    public long Steps => _session?.Steps ?? 0;

    /// <summary>Whether it still takes steps.</summary>
    public bool IsAtWork => _session is { IsDone: false } && Error is null;

    /// <summary>The sentence that it failed with.</summary>
    public string? Error { get; private set; }

    /// <summary>Starts it, or takes it up where it stopped.</summary>
    public void Open(Harvest harvest, ITrainingData data, HeldOutEvaluations heldOut, TimeProvider time)
    {
        Guard(harvest, () =>
        {
            _start.Begin();
            _session = TrainingSession.Open(
                _start.Run, _start.Config, harvest.Info, data, _start.OpenOrigin(), heldOut.Find(harvest.Info, _start.Config, _log.Write), _log, time);
            _start.Settle(_session.Config);
        });
    }

    /// <summary>Does one step.</summary>
    public void Step(Harvest harvest, TrainingBatch batch)
    {
        Guard(harvest, () =>
        {
            _session!.Step(batch);
            _progress.Report("train", _session.Steps, _session.Config.Steps, "steps", _session.Message);
        });
    }

    /// <summary>Saves the dictionary and closes the run, where all steps are done and that has not happened yet.</summary>
    public void FinishOnce(Harvest harvest)
    {
        if (_session is { IsDone: true } && Error is null && !_finished)
        {
            _finished = true;
            Guard(harvest, () =>
            {
                _session.SaveResult();
                _log.Write(RunSentences.Closing(_session.Last, _session.Config));
                _start.Run.Finish(RunState.Complete);
                _session.RemoveStates();
            });
        }
    }

    /// <summary>Saves the state of a run that is stopped.</summary>
    public void Interrupt()
    {
        if (IsAtWork)
        {
            _session!.Save();
            _start.Run.Finish(RunState.Interrupted);
        }
    }

    public void Dispose()
    {
        _session?.Dispose();
        _log.Dispose();
        _lock.Dispose();
    }

    private void Guard(Harvest harvest, Action work)
    {
        try
        {
            work();
        }
        catch (WorkbenchException failure)
        {
            Error = failure is DivergenceException divergence
                ? divergence.IsData ? NonFiniteRows.Describe(harvest, _start.Config) : _session!.Describe(divergence)
                : failure.Message;
            _start.Run.Finish(RunState.Failed, Error);
            _log.Write(Error);
        }
    }
}
