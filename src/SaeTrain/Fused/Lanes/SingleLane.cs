using System.Runtime.CompilerServices;

namespace Workbench.SaeTrain.Fused.Lanes;

/// <summary>One number: what is left at the end of a row.</summary>
internal readonly unsafe struct SingleLane : ILanes<float>
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Create(float value)
    {
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(float* source)
    {
        return *source;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(ushort* source)
    {
        return BitConverter.UInt32BitsToSingle((uint)*source << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(int* source)
    {
        return *source;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float value, float* target)
    {
        *target = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float value, ushort* target)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        *target = (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float left, float right)
    {
        return left + right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Subtract(float left, float right)
    {
        return left - right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Multiply(float left, float right)
    {
        return left * right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Divide(float left, float right)
    {
        return left / right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sqrt(float value)
    {
        return MathF.Sqrt(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float left, float right, float addend)
    {
        return float.MultiplyAddEstimate(left, right, addend);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Abs(float value)
    {
        return MathF.Abs(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(float value)
    {
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Above(float left, float right)
    {
        return left > right ? 1ul : 0;
    }
}
