using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Workbench.Activations;

/// <summary>Conversions between float32 and the stored number types, to nearest even.</summary>
internal static class RowConversion
{
    // Half of the step above 65,504: from here on rounding to float16 gives infinity.
    private const float Float16Limit = 65520f;

    // The same for bfloat16: 1.9961 x 2^127.
    private const float BFloat16Limit = 3.3961776e38f;

    /// <summary>The first value that the type cannot hold, or -1; NaN and infinity are held by none.</summary>
    public static int FirstUnstorable(ReadOnlySpan<float> values, StorageType type)
    {
        float limit = Limit(type);
        if (MathF.Abs(TensorPrimitives.MaxMagnitude(values)) < limit)
        {
            return -1;
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!(MathF.Abs(values[i]) < limit))
            {
                return i;
            }
        }

        return -1;
    }

    public static void Store(ReadOnlySpan<float> values, StorageType type, Span<byte> stored)
    {
        switch (type)
        {
            case StorageType.Float16:
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(stored));
                break;
            case StorageType.BFloat16:
                Narrow(MemoryMarshal.Cast<float, uint>(values), MemoryMarshal.Cast<byte, ushort>(stored));
                break;
            default:
                MemoryMarshal.AsBytes(values).CopyTo(stored);
                break;
        }
    }

    public static unsafe void Load(byte* stored, StorageType type, Span<float> values)
    {
        switch (type)
        {
            case StorageType.Float16:
                fixed (float* target = values)
                {
                    WidenHalf((ushort*)stored, target, values.Length);
                }

                break;
            case StorageType.BFloat16:
                Widen(new ReadOnlySpan<ushort>(stored, values.Length), MemoryMarshal.Cast<float, uint>(values));
                break;
            default:
                new ReadOnlySpan<float>(stored, values.Length).CopyTo(values);
                break;
        }
    }

    private static float Limit(StorageType type)
    {
        return type switch
        {
            StorageType.Float16 => Float16Limit,
            StorageType.BFloat16 => BFloat16Limit,
            _ => float.PositiveInfinity,
        };
    }

    private static void Narrow(ReadOnlySpan<uint> values, Span<ushort> stored)
    {
        int i = 0;
        for (; i <= values.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            Vector256<uint> low = Upper(Vector256.Create(values[i..]));
            Vector256<uint> high = Upper(Vector256.Create(values[(i + Vector256<uint>.Count)..]));
            Vector256.Narrow(low, high).CopyTo(stored[i..]);
        }

        for (; i < values.Length; i++)
        {
            uint bits = values[i];
            stored[i] = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }

    private static Vector256<uint> Upper(Vector256<uint> bits)
    {
        return (bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256<uint>.One)) >> 16;
    }

    /// <summary>
    /// The bits of a float16 below its sign, moved to where float32 has them, are its value times 2^-112, subnormal ones included. What
    /// has the largest exponent is infinite or no number and gets float32's largest. .NET has no access to the processor's own conversion.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void WidenHalf(ushort* stored, float* values, int length)
    {
        int i = 0;
        if (Avx512F.IsSupported)
        {
            Vector512<float> scale = Vector512.Create(5.192296858534828e33f);
            for (; i <= length - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                Vector512<uint> bits = Avx512F.ConvertToVector512UInt32(Vector256.Load(stored + i));
                Vector512<uint> magnitude = (bits & Vector512.Create(0x7FFFu)) << 13;
                Vector512<uint> special = Vector512.GreaterThanOrEqual(magnitude, Vector512.Create(0x7C00u << 13)) & Vector512.Create(0x7F800000u);
                Vector512<uint> sign = (bits & Vector512.Create(0x8000u)) << 16;
                ((magnitude.AsSingle() * scale).AsUInt32() | special | sign).AsSingle().Store(values + i);
            }
        }

        if (i < length)
        {
            TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(stored + i, length - i), new Span<float>(values + i, length - i));
        }
    }

    private static void Widen(ReadOnlySpan<ushort> stored, Span<uint> values)
    {
        int i = 0;
        for (; i <= stored.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Create(stored[i..]));
            (low << 16).CopyTo(values[i..]);
            (high << 16).CopyTo(values[(i + Vector256<uint>.Count)..]);
        }

        for (; i < stored.Length; i++)
        {
            values[i] = (uint)stored[i] << 16;
        }
    }
}
