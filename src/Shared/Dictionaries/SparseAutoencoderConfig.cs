using System.Text.Json;

namespace Workbench.Dictionaries;

/// <summary>Sizes and options of a sparse autoencoder in inference form.</summary>
public sealed record SparseAutoencoderConfig
{
    /// <summary>How latents are chosen.</summary>
    public required SparseArchitecture Architecture { get; init; }

    /// <summary>Features of an activation, d.</summary>
    public required int Width { get; init; }

    /// <summary>Number of latents, n.</summary>
    public required int Latents { get; init; }

    /// <summary>Latents kept in each row; only for <see cref="SparseArchitecture.TopK"/>.</summary>
    public int? K { get; init; }

    /// <summary>
    /// Whether pre-activations are multiplied by the norm of the latent's decoder row before the choice, and latents divided
    /// by it before decoding (SAELens' <c>rescale_acts_by_decoder_norm</c>); only for <see cref="SparseArchitecture.TopK"/>.
    /// </summary>
    public bool RescaleByDecoderNorm { get; init; }

    /// <summary>Whether the decoder bias is subtracted from the input before encoding.</summary>
    public bool SubtractDecoderBias { get; init; } = true;

    /// <summary>Hook point that is read and reconstructed; empty where unknown.</summary>
    public string Hook { get; init; } = string.Empty;

    /// <summary>Further facts carried along with the weights, such as the model's name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Checks that sizes and options belong together.</summary>
    /// <param name="source">The file or command that they come from, for the message.</param>
    /// <exception cref="WorkbenchException">They do not.</exception>
    public void Validate(string source)
    {
        if (Width < 1 || Latents < 1)
        {
            throw new WorkbenchException($"{source}: d_in is {Width} and d_sae is {Latents}, where both must be at least 1.");
        }

        if (Architecture != SparseArchitecture.TopK)
        {
            if (RescaleByDecoderNorm)
            {
                throw new WorkbenchException($"{source}: rescale_acts_by_decoder_norm is true, which is known for architecture topk only.");
            }

            return;
        }

        if (K is null)
        {
            throw new WorkbenchException($"{source}: k is missing, where architecture topk needs it; add the k it was trained with.");
        }

        if (K < 1 || K > Latents)
        {
            throw new WorkbenchException($"{source}: k is {K}, where 1 to d_sae ({Latents}) was expected.");
        }
    }
}
