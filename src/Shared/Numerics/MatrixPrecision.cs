namespace Workbench.Numerics;

/// <summary>Number type of matrix products; everything else is float32 or wider.</summary>
public enum MatrixPrecision
{
    /// <summary>Whichever of the two is faster on this machine.</summary>
    Auto,

    /// <summary>float32.</summary>
    Float32,

    /// <summary>bfloat16 operands.</summary>
    BFloat16,
}
