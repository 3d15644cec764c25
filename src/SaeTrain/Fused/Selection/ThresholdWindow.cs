using System.Runtime.CompilerServices;

namespace Workbench.SaeTrain.Fused.Selection;

/// <summary>Which pre-activations are above their threshold, and which are near enough to move it.</summary>
/// <param name="thresholds">[n].</param>
/// <param name="bandwidth">Width of the window about a threshold.</param>
internal sealed unsafe class ThresholdWindow(float* thresholds, float bandwidth)
{
    public float* Thresholds { get; } = thresholds;

    public float Bandwidth => bandwidth;

    /// <summary>Whether chosen closed entries are those beyond the window; what is chosen is decided anew for each batch.</summary>
    public bool IsInverted { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsOpen(float preActivation, int latent)
    {
        return preActivation > Thresholds[latent];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Holds(float preActivation, int latent)
    {
        return MathF.Abs((preActivation - Thresholds[latent]) / bandwidth) < 0.5f;
    }
}
