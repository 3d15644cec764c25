using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Rules;

/// <summary>How one architecture makes latents of pre-activations; adding an architecture is one file and a line in the registry.</summary>
internal interface IActivationRule
{
    SparseArchitecture Architecture { get; }

    /// <summary>Names of the tensors it has besides encoder and decoder, as <see cref="SparseWeights.Named"/> spells them.</summary>
    IReadOnlyCollection<string> Tensors { get; }

    /// <summary>Checks the options that belong to the rule.</summary>
    /// <exception cref="WorkbenchException">One is missing, out of range, or belongs to another architecture.</exception>
    void Validate(SparseAutoencoderConfig config, string source);

    /// <summary>Dense latents.</summary>
    /// <param name="pre">Pre-activations [..., n], with the encoder's bias where the architecture has one; may be overwritten.</param>
    /// <param name="config">Sizes and options.</param>
    /// <param name="weights">Where thresholds and further biases are, on the device of <paramref name="pre"/>.</param>
    /// <returns>Latents [..., n].</returns>
    Tensor Choose(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights);

    /// <summary>How far each row is from another choice of latents: the smallest such distance in pre-activations.</summary>
    /// <returns>A scalar.</returns>
    Tensor Margin(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights);
}
