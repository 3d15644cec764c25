using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Workbench.SaeTrain.Fused.Screening;

/// <summary>Rounds a row to int8 in units of a 127th of its largest magnitude.</summary>
internal static unsafe class QuantizeKernel
{
    private const float Most = 127;

    // Adding 1.5 * 2^23 leaves a number's nearest whole number, as two's complement, in the lowest bits.
    private const float Rounding = 12582912;

    /// <summary>Rounds.</summary>
    /// <returns>The unit.</returns>
    public static float Run(float* source, sbyte* target, int width)
    {
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude<float>(new ReadOnlySpan<float>(source, width)));
        float inverse = largest > 0 ? Most / largest : 0;
        inverse = float.IsFinite(inverse) ? inverse : 0;
        int column = 0;
        for (; column <= width - Vector256<sbyte>.Count; column += Vector256<sbyte>.Count)
        {
            Vector256<ushort> lower = Vector256.Narrow(Whole(source + column, inverse), Whole(source + column + 8, inverse));
            Vector256<ushort> upper = Vector256.Narrow(Whole(source + column + 16, inverse), Whole(source + column + 24, inverse));
            Vector256.Narrow(lower, upper).AsSByte().Store(target + column);
        }

        for (; column < width; column++)
        {
            target[column] = (sbyte)BitConverter.SingleToInt32Bits((source[column] * inverse) + Rounding);
        }

        return inverse > 0 ? 1 / inverse : 0;
    }

    private static Vector256<uint> Whole(float* source, float inverse)
    {
        return ((Vector256.Load(source) * inverse) + Vector256.Create(Rounding)).AsUInt32();
    }
}
