using Workbench.SaeTrain.Objectives;

namespace Workbench.SaeTrain.Training.Backends;

/// <summary>
/// One way of computing a recipe's steps. Backends share weights, moments and the objective's state, so a checkpoint does not
/// know which of them wrote it.
/// </summary>
internal interface ITrainingBackend : IDisposable
{
    /// <summary>Does one step.</summary>
    /// <param name="batch">Activations, scaled as the recipe wants them.</param>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="report">Whether numbers are wanted: reading them makes a device wait.</param>
    /// <returns>The numbers, or null where none are wanted.</returns>
    /// <exception cref="WorkbenchException">Numbers were wanted, and batch or loss are not finite.</exception>
    StepReport? Step(TrainingBatch batch, long step, double learningRate, bool report);
}
