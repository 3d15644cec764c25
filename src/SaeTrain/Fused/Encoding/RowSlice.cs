namespace Workbench.SaeTrain.Fused.Encoding;

/// <summary>The entries of one row.</summary>
internal unsafe struct RowSlice
{
    /// <summary>The row.</summary>
    public int Row;

    /// <summary>Number of entries.</summary>
    public int Count;

    /// <summary>Entries that are on: the first ones.</summary>
    public int Active;

    public int* Latents;

    public float* PreActivations;

    public float* Values;

    /// <summary>Gradients of the values, and then of the pre-activations.</summary>
    public float* Pulls;
}
