using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
                TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(stored, values.Length), values);
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
        for (int i = 0; i < values.Length; i++)
        {
            uint bits = values[i];
            stored[i] = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
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
