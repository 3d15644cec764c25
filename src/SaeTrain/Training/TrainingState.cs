using Workbench.Activations;
using Workbench.SaeTrain.Objectives;

namespace Workbench.SaeTrain.Training;

/// <summary>What changes from step to step.</summary>
/// <param name="Parameters">The weights.</param>
/// <param name="Optimizer">Moments and number of steps done.</param>
/// <param name="Counters">Steps since each latent fired.</param>
/// <param name="Batches">Place in the order of rows.</param>
/// <param name="ErrorScale">The recipe's factor, fixed at the start.</param>
internal sealed record TrainingState(
    DictionaryParameters Parameters,
    AdamOptimizer Optimizer,
    FiringCounters Counters,
    ShuffledBatches Batches,
    double ErrorScale);
