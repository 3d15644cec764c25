using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Optimization;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>Leads a recipe's steps: scales batches, begins with the first, and asks the backend for one step after the other.</summary>
/// <param name="objective">What is minimised.</param>
/// <param name="optimizer">Counts the steps done.</param>
/// <param name="schedule">The learning rate of each step.</param>
/// <param name="constants">Factors of the activations.</param>
/// <param name="backend">Computes a step.</param>
internal sealed class DictionaryTrainer(
    ITrainingObjective objective,
    IOptimizer optimizer,
    ILearningRate schedule,
    DataConstants constants,
    ITrainingBackend backend) : IDisposable
{
    private Tensor? _input;
    private Tensor? _target;

    public ITrainingObjective Objective => objective;

    public IOptimizer Optimizer => optimizer;

    public DataConstants Constants => constants;

    /// <summary>Steps done.</summary>
    public long Steps => optimizer.Steps;

    /// <summary>Does one step.</summary>
    /// <param name="batch">Activations on the parameters' device, as harvested; they are left as they are.</param>
    /// <param name="report">Whether numbers are wanted.</param>
    /// <exception cref="WorkbenchException">Numbers were wanted, and batch or loss are not finite.</exception>
    public StepReport? Step(TrainingBatch batch, bool report = true)
    {
        long step = Steps;
        batch = Scaled(batch);
        if (step == 0)
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            objective.Begin(batch);
        }

        return backend.Step(batch, step, schedule.At(step), report);
    }

    public void Dispose()
    {
        _input?.Dispose();
        _target?.Dispose();
    }

    /// <summary>The batch as the recipe wants it, in buffers of this object's where that is not as harvested.</summary>
    private TrainingBatch Scaled(TrainingBatch batch)
    {
        if (constants.LeavesRowsAlone)
        {
            return batch;
        }

        using var noGradient = no_grad();
        bool pair = !ReferenceEquals(batch.Input, batch.Target);
        _input ??= empty_like(batch.Input).DetachFromDisposeScope();
        _target ??= pair ? empty_like(batch.Target).DetachFromDisposeScope() : null;
        _ = _input.copy_(batch.Input);
        _ = _target?.copy_(batch.Target);
        var scaled = new TrainingBatch(_input, _target ?? _input);
        constants.Scale(scaled);
        return scaled;
    }
}
