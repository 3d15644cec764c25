namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>
/// One row to decode. A plane is a nested reconstruction: the first latents of the dictionary up to a prefix; plain recipes have one.
/// </summary>
internal unsafe struct DecodedRow
{
    /// <summary>Decoder [n, width].</summary>
    public float* Decoder;

    /// <summary>Decoder bias [width].</summary>
    public float* Bias;

    /// <summary>The row [width] to reconstruct.</summary>
    public float* Target;

    /// <summary>Latents of the row's entries, ascending.</summary>
    public int* Latents;

    /// <summary>Their values.</summary>
    public float* Values;

    /// <summary>End of each plane's entries.</summary>
    public int* Ends;

    /// <summary>Factor of each plane's error in the gradient.</summary>
    public float* Factors;

    /// <summary>Receives, in plane p, the gradient of the reconstruction's new part: the sum of all scaled errors from plane p on.</summary>
    public float* Gradients;

    /// <summary>Elements from one plane of gradients to the next.</summary>
    public long Stride;

    /// <summary>Number of planes.</summary>
    public int Planes;

    /// <summary>Length of a row.</summary>
    public int Width;

    /// <summary>Gains the squared error of each plane.</summary>
    public double* Squares;
}
