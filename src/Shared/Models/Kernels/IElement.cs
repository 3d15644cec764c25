using System.Runtime.Intrinsics;

namespace Workbench.Models.Kernels;

/// <summary>A stored number type that kernels widen to float32 for arithmetic.</summary>
/// <typeparam name="T">Its bits.</typeparam>
internal unsafe interface IElement<T>
    where T : unmanaged
{
    static abstract Vector256<float> Load(T* source);

    static abstract void Store(T* target, Vector256<float> value);

    /// <summary>Stores numbers that are finite and not negative, on processors with 512-bit vectors; ties round up.</summary>
    static abstract void StoreWeights(T* target, Vector512<float> value);

    static abstract float Read(T value);

    static abstract T Round(float value);
}
