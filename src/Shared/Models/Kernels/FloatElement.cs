using System.Runtime.Intrinsics;

namespace Workbench.Models.Kernels;

/// <summary>float32 as it is.</summary>
internal readonly unsafe struct FloatElement : IElement<float>
{
    public static Vector256<float> Load(float* source)
    {
        return Vector256.Load(source);
    }

    public static void Store(float* target, Vector256<float> value)
    {
        value.Store(target);
    }

    public static void StoreWeights(float* target, Vector512<float> value)
    {
        value.Store(target);
    }

    public static float Read(float value)
    {
        return value;
    }

    public static float Round(float value)
    {
        return value;
    }
}
