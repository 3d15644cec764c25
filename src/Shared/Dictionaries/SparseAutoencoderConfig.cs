using System.Text.Json;
using Workbench.Dictionaries.Rules;

namespace Workbench.Dictionaries;

/// <summary>Sizes and options of a sparse autoencoder or transcoder in inference form.</summary>
public sealed record SparseAutoencoderConfig
{
    /// <summary>How latents are chosen.</summary>
    public required SparseArchitecture Architecture { get; init; }

    /// <summary>Features of an activation that is read, d_in.</summary>
    public required int Width { get; init; }

    /// <summary>Number of latents, n.</summary>
    public required int Latents { get; init; }

    /// <summary>Latents kept in each row; only for top-k, absolute top-k and group maximum, where it is the number of groups.</summary>
    public int? K { get; init; }

    /// <summary>What is done to activations before encoding and undone after decoding.</summary>
    public InputNormalization Normalization { get; init; }

    /// <summary>
    /// Whether pre-activations are multiplied by the norm of the latent's decoder row before the choice, and latents divided
    /// by it before decoding (SAELens' <c>rescale_acts_by_decoder_norm</c>): latents are in units of that norm.
    /// </summary>
    public bool RescaleByDecoderNorm { get; init; }

    /// <summary>
    /// Whether the choice alone sees pre-activations times the norm of the latent's decoder row, and latents keep their own units
    /// (OpenMOSS' <c>sparsity_include_decoder_norm</c>); only where latents compete for places.
    /// </summary>
    public bool SelectByDecoderNorm { get; init; }

    /// <summary>Whether the decoder bias is subtracted from the (normalised) input before encoding.</summary>
    public bool SubtractDecoderBias { get; init; } = true;

    /// <summary>
    /// Whether activations may come as [..., heads, head width], which is joined to [..., width] before encoding and split again in
    /// reconstructions (SAELens' <c>reshape_activations: hook_z</c>).
    /// </summary>
    public bool JoinsHeads { get; init; }

    /// <summary>Features of an activation that a transcoder reconstructs, d_out; null for an autoencoder, which reconstructs what it reads.</summary>
    public int? OutputWidth { get; init; }

    /// <summary>Hook point that is read; empty where unknown. A peer's own name for it is kept as it is.</summary>
    public string Hook { get; init; } = string.Empty;

    /// <summary>Hook point that a transcoder reconstructs; null for an autoencoder, empty where unknown.</summary>
    public string? OutputHook { get; init; }

    /// <summary>Further facts carried along with the weights, such as the model's name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Whether it reconstructs another activation than it reads.</summary>
    public bool IsTranscoder => OutputWidth is not null || OutputHook is not null;

    /// <summary>Features of a reconstruction: <see cref="OutputWidth"/>, or <see cref="Width"/>.</summary>
    public int ReconstructionWidth => OutputWidth ?? Width;

    /// <summary>Checks that sizes and options belong together.</summary>
    /// <param name="source">The file or command that they come from, for the message.</param>
    /// <exception cref="WorkbenchException">They do not.</exception>
    public void Validate(string source)
    {
        if (Width < 1 || Latents < 1 || ReconstructionWidth < 1)
        {
            throw new WorkbenchException($"{source}: d_in is {Width}, d_out {ReconstructionWidth} and d_sae {Latents}, where all must be at least 1.");
        }

        if (SubtractDecoderBias && ReconstructionWidth != Width)
        {
            throw new WorkbenchException(
                $"{source}: the decoder bias has d_out ({ReconstructionWidth}) entries and cannot be subtracted from an input of d_in ({Width}); apply_b_dec_to_input must be false.");
        }

        if (RescaleByDecoderNorm && SelectByDecoderNorm)
        {
            throw new WorkbenchException($"{source}: latents can be rescaled by the decoder norm or chosen by it, not both.");
        }

        ActivationRules.Find(Architecture).Validate(this, source);
    }
}
