using Workbench.SaeTrain.Fused.Lanes;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>How a number lies in memory that kernels read.</summary>
internal unsafe interface IElement
{
    /// <summary>Loads a vector from a column of a row.</summary>
    static abstract TVector Load<TLanes, TVector>(void* row, int column)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged;
}
