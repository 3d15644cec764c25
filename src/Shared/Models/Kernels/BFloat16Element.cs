using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Workbench.Models.Kernels;

/// <summary>bfloat16: the upper half of a float32, rounded to nearest even.</summary>
/// <remarks>A NaN whose payload lies in the lower half would round to infinity, so NaNs keep a payload bit.</remarks>
internal readonly unsafe struct BFloat16Element : IElement<ushort>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ushort* source)
    {
        Vector128<ushort> stored = Vector128.Load(source);
        (Vector128<uint> lower, Vector128<uint> upper) = Vector128.Widen(stored);
        return Vector256.ShiftLeft(Vector256.Create(lower, upper), 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ushort* target, Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32();
        Vector256<uint> odd = Vector256.ShiftRightLogical(bits, 16) & Vector256<uint>.One;
        Vector256<uint> rounded = bits + odd + Vector256.Create(0x7FFFu);
        Vector256<uint> number = Vector256.Equals(value, value).AsUInt32();
        rounded = Vector256.ConditionalSelect(number, rounded, bits | Vector256.Create(0x400000u));
        Vector256<uint> upper = Vector256.ShiftRightLogical(rounded, 16);
        Vector128.Narrow(upper.GetLower(), upper.GetUpper()).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWeights(ushort* target, Vector512<float> value)
    {
        Vector512<uint> rounded = value.AsUInt32() + Vector512.Create(0x8000u);
        Avx512F.ConvertToVector256UInt16(Vector512.ShiftRightLogical(rounded, 16)).Store(target);
    }

    public static float Read(ushort value)
    {
        return BitConverter.UInt32BitsToSingle((uint)value << 16);
    }

    public static ushort Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits | 0x400000u) >> 16) : (ushort)((bits + ((bits >> 16) & 1) + 0x7FFF) >> 16);
    }
}
