namespace Workbench.SaeTrain.Training.Optimization;

/// <summary>The numbers of one Adam update: <c>m = beta1 m + rest1 g</c>, <c>v = beta2 v + rest2 g²</c>, <c>w -= step m / (sqrt(v) / root + epsilon)</c>.</summary>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Rest1">1 - beta1.</param>
/// <param name="Rest2">1 - beta2.</param>
/// <param name="StepSize">Learning rate over the first moment's bias correction.</param>
/// <param name="Root">Square root of the second moment's bias correction.</param>
/// <param name="Epsilon">Added to the corrected root.</param>
internal readonly record struct AdamStep(float Beta1, float Beta2, float Rest1, float Rest2, float StepSize, float Root, float Epsilon);
