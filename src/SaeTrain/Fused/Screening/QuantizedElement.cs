using System.Runtime.CompilerServices;
using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused.Screening;

/// <summary>Sums of an int8 product, in units on loading.</summary>
internal readonly unsafe struct QuantizedElement : IElement
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector IElement.Load<TLanes, TVector>(void* row, int column)
    {
        var product = (QuantizedRow*)row;
        TVector scale = TLanes.Multiply(TLanes.Load(product->Scales + column), TLanes.Create(product->Scale));
        return TLanes.Multiply(TLanes.Load(product->Sums + column), scale);
    }
}
