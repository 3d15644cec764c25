using System.Runtime.CompilerServices;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>float32.</summary>
internal readonly unsafe struct FloatElement : IStoredElement
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IElement.Load<TLanes, TVector>(void* row, int column)
    {
        return TLanes.Load((float*)row + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void* IStoredElement.At(void* first, long element)
    {
        return (float*)first + element;
    }

    static void IStoredElement.Expect(void* row, int width)
    {
        Prefetch.Bytes(row, width * sizeof(float));
    }
}
