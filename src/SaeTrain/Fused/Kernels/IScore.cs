using Workbench.SaeTrain.Fused.Lanes;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>What a latent is chosen by, from its product, its bias and its scale.</summary>
internal unsafe interface IScore
{
    static abstract TVector Of<TLanes, TVector>(TVector product, float* bias, float* scale, int column)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged;

    /// <summary>The same from a pre-activation.</summary>
    static abstract float Of(float preActivation, float* scale, int column);
}
