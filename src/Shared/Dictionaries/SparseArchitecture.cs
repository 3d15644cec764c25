namespace Workbench.Dictionaries;

/// <summary>How a sparse autoencoder chooses the latents that are on.</summary>
public enum SparseArchitecture
{
    /// <summary>The k largest pre-activations of each row, then ReLU.</summary>
    TopK,

    /// <summary>ReLU, and zero where the pre-activation is not above the latent's threshold.</summary>
    JumpRelu,

    /// <summary>ReLU alone.</summary>
    Relu,
}
