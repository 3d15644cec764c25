using System.Runtime.CompilerServices;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>The pre-activation.</summary>
internal readonly unsafe struct PlainScore : IScore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IScore.Of<TLanes, TVector>(TVector product, float* bias, float* scale, int column)
    {
        return TLanes.Add(product, TLanes.Load(bias + column));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static float IScore.Of(float preActivation, float* scale, int column)
    {
        return preActivation;
    }
}
