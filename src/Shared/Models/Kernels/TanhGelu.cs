using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Workbench.Models.Kernels;

/// <summary>0.5 x (1 + tanh(u)) with u = sqrt(2 / pi) (x + 0.044715 x^3), computed as x / (1 + exp(-2 u)), which is the same.</summary>
internal readonly struct TanhGelu : IActivation
{
    private const float TwiceRoot = 1.59576912f;
    private const float Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        Vector256<float> inner = Vector256.FusedMultiplyAdd(x * x * Cubic, x, x);
        return x / (Vector256<float>.One + Exponential.Of(inner * -TwiceRoot));
    }
}
