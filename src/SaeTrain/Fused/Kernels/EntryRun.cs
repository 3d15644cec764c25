namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>The entries of one latent, in the order of their rows.</summary>
internal unsafe struct EntryRun
{
    /// <summary>Rows of the batch.</summary>
    public int* Rows;

    /// <summary>The latent's values, factors of the decoder's gradient.</summary>
    public float* Values;

    /// <summary>Gradients of its pre-activations, factors of the encoder's gradient.</summary>
    public float* Pulls;

    /// <summary>Number of entries.</summary>
    public int Count;
}
