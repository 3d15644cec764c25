namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>The numbers of one Adam update: <c>w -= Size m' / (sqrt(v') / Root + Epsilon)</c>, with the gradient scaled first.</summary>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Rest1">1 - Beta1, rounded from double.</param>
/// <param name="Rest2">1 - Beta2, rounded from double.</param>
/// <param name="Size">Learning rate over the first moment's bias correction.</param>
/// <param name="Root">Root of the second moment's bias correction.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
internal readonly record struct AdamStep(float Beta1, float Beta2, float Rest1, float Rest2, float Size, float Root, float Epsilon);
