namespace Workbench.SaeTrain.Fused.Screening;

/// <summary>A row of an int8 product and what makes pre-activations of it.</summary>
internal unsafe struct QuantizedRow
{
    /// <summary>Sums of products of whole numbers [latents].</summary>
    public int* Sums;

    /// <summary>Unit of each encoder row [latents].</summary>
    public float* Scales;

    /// <summary>Unit of the input row.</summary>
    public float Scale;

    /// <summary>The input row in float32 [width].</summary>
    public float* Input;
}
