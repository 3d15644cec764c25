using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Workbench.Models.Kernels;

/// <summary>x / (1 + exp(-x)).</summary>
internal readonly struct Silu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        return x / (Vector256<float>.One + Exponential.Of(-x));
    }
}
