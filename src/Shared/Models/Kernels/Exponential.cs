using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Workbench.Models.Kernels;

/// <summary>
/// exp(x) to about 1e-7 relative: 2^n e^r with n = round(x / ln 2) and a polynomial of degree 6 in r (Cephes' coefficients). Clamped
/// to +-87, where float32's normal numbers end.
/// </summary>
internal static class Exponential
{
    /// <summary>1 / ln 2.</summary>
    public const float PerLog2 = 1.44269504f;

    private const float Limit = 87;
    private const float Log2High = 0.693359375f;
    private const float Log2Low = -2.12194440e-4f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(-Limit)), Vector256.Create(Limit));
        Vector256<float> n = Vector256.Round(x * PerLog2);
        Vector256<float> r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Log2High), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Log2Low), r);
        Vector256<float> p = Vector256.Create(1.9875691500e-4f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(5.0000001201e-1f));
        p = Vector256.FusedMultiplyAdd(p, r * r, r + Vector256<float>.One);
        return p * Vector256.ShiftLeft(Vector256.ConvertToInt32(n) + Vector256.Create(127), 23).AsSingle();
    }

    /// <summary>2^x to about 2e-7 relative for processors with 512-bit vectors, zero where that lies below float32's numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> OfTwo(Vector512<float> x)
    {
        x = Vector512.Max(x, Vector512.Create(-2f * Limit));
        Vector512<float> n = Avx512F.RoundScale(x, 0);
        Vector512<float> r = x - n;
        Vector512<float> p = Vector512.Create(1.535336188e-4f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.339887440e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(9.618437357e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(5.550332471e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(2.402264791e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(6.931472028e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        return Avx512F.Scale(p, n);
    }
}
