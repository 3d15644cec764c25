using System.Runtime.CompilerServices;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>bfloat16, widened on loading.</summary>
internal readonly unsafe struct BFloat16Element : IStoredElement
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IElement.Load<TLanes, TVector>(void* row, int column)
    {
        return TLanes.Load((ushort*)row + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void* IStoredElement.At(void* first, long element)
    {
        return (ushort*)first + element;
    }

    static void IStoredElement.Expect(void* row, int width)
    {
        Prefetch.Bytes(row, width * sizeof(ushort));
    }
}
