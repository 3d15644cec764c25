using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Workbench.Models.Kernels;

/// <summary>
/// x Phi(x), Phi being the normal distribution function. The error function by Abramowitz and Stegun 7.1.26 (absolute error under
/// 1.5e-7), taken on the side where nothing cancels.
/// </summary>
internal readonly struct ErfGelu : IActivation
{
    private const float RootHalf = 0.707106781f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        Vector256<float> z = Vector256.Abs(x) * RootHalf;
        Vector256<float> t = Vector256<float>.One / Vector256.FusedMultiplyAdd(z, Vector256.Create(0.3275911f), Vector256<float>.One);
        Vector256<float> p = Vector256.Create(1.061405429f);
        p = Vector256.FusedMultiplyAdd(p, t, Vector256.Create(-1.453152027f));
        p = Vector256.FusedMultiplyAdd(p, t, Vector256.Create(1.421413741f));
        p = Vector256.FusedMultiplyAdd(p, t, Vector256.Create(-0.284496736f));
        p = Vector256.FusedMultiplyAdd(p, t, Vector256.Create(0.254829592f));
        Vector256<float> tail = p * t * Exponential.Of(-z * z) * 0.5f;
        Vector256<float> negative = Vector256.LessThan(x, Vector256<float>.Zero);
        return x * Vector256.ConditionalSelect(negative, tail, Vector256<float>.One - tail);
    }
}
