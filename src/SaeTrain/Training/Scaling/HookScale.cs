namespace Workbench.SaeTrain.Training.Scaling;

/// <summary>The factor of one hook's features in rows of several hooks side by side.</summary>
/// <param name="Width">Features of the hook.</param>
/// <param name="Factor">Their factor in training.</param>
internal sealed record HookScale(int Width, double Factor);
