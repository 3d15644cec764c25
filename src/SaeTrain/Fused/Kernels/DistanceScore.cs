using System.Runtime.CompilerServices;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>The distance of a pre-activation from a middle, which is in the bias with its sign changed.</summary>
internal readonly unsafe struct DistanceScore : IScore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IScore.Of<TLanes, TVector>(TVector product, float* bias, float* scale, int column)
    {
        return TLanes.Abs(TLanes.Add(product, TLanes.Load(bias + column)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static float IScore.Of(float preActivation, float* scale, int column)
    {
        return MathF.Abs(preActivation);
    }
}
