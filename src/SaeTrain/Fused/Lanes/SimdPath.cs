namespace Workbench.SaeTrain.Fused.Lanes;

/// <summary>Vector width of the kernels.</summary>
internal enum SimdPath
{
    /// <summary>Sixteen float32 at a time.</summary>
    Avx512,

    /// <summary>Eight float32 at a time.</summary>
    Avx2,

    /// <summary>Four float32 at a time, without asking the processor.</summary>
    Portable,
}
