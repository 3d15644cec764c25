using System.Runtime.CompilerServices;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>The pre-activation in units of the decoder row's norm.</summary>
internal readonly unsafe struct ScaledScore : IScore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IScore.Of<TLanes, TVector>(TVector product, float* bias, float* scale, int column)
    {
        return TLanes.Multiply(TLanes.Add(product, TLanes.Load(bias + column)), TLanes.Load(scale + column));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static float IScore.Of(float preActivation, float* scale, int column)
    {
        return preActivation * scale[column];
    }
}
