using Workbench.SaeTrain.Data;

namespace Workbench.SaeTrain.Training;

/// <summary>What changes from step to step.</summary>
/// <param name="Trainer">Weights, moments, counters, steps done and the constants of the start.</param>
/// <param name="Data">Place in the order of rows.</param>
internal sealed record TrainingState(DictionaryTrainer Trainer, ITrainingData Data);
