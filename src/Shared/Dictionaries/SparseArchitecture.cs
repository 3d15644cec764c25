namespace Workbench.Dictionaries;

/// <summary>How a sparse autoencoder chooses the latents that are on; the arithmetic of each is one file in <c>Rules</c>.</summary>
public enum SparseArchitecture
{
    /// <summary>ReLU alone.</summary>
    Relu,

    /// <summary>The k largest pre-activations of each row, then ReLU.</summary>
    TopK,

    /// <summary>The k pre-activations of largest magnitude of each row, with their sign.</summary>
    AbsTopK,

    /// <summary>Latents in k contiguous groups of equal size; ReLU, then the largest of each group.</summary>
    GroupMax,

    /// <summary>ReLU, and zero where the pre-activation is not above the latent's threshold.</summary>
    JumpRelu,

    /// <summary>A gate decides which latents are on, a second affine map of the same product how much.</summary>
    Gated,
}
