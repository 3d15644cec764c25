using Workbench.Dictionaries;

namespace Workbench.SaeTrain.Training.HeldOut;

/// <summary>Measures dictionaries in training on held-out text.</summary>
internal interface IHeldOutEvaluation
{
    /// <summary>Measures a dictionary; training's own state and draws are untouched.</summary>
    HeldOutReport Measure(ILatentModel dictionary);
}
