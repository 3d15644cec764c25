using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

/// <summary>The tensors of a sparse autoencoder or transcoder; d_in, n and d_out are its sizes.</summary>
public sealed record SparseWeights
{
    /// <summary>W_enc [d_in, n].</summary>
    public required Tensor Encoder { get; init; }

    /// <summary>b_enc [n]; null for <see cref="SparseArchitecture.Gated"/>, which has two biases of its own.</summary>
    public Tensor? EncoderBias { get; init; }

    /// <summary>W_dec [n, d_out].</summary>
    public required Tensor Decoder { get; init; }

    /// <summary>b_dec [d_out].</summary>
    public required Tensor DecoderBias { get; init; }

    /// <summary>Thresholds [n] of <see cref="SparseArchitecture.JumpRelu"/>; a negative one acts as 0.</summary>
    public Tensor? Threshold { get; init; }

    /// <summary>b_gate [n] of <see cref="SparseArchitecture.Gated"/>: a latent is on where <c>x W_enc + b_gate</c> is positive.</summary>
    public Tensor? GateBias { get; init; }

    /// <summary>r_mag [n] of <see cref="SparseArchitecture.Gated"/>: the magnitude is <c>relu(x W_enc exp(r_mag) + b_mag)</c>.</summary>
    public Tensor? MagnitudeScale { get; init; }

    /// <summary>b_mag [n] of <see cref="SparseArchitecture.Gated"/>.</summary>
    public Tensor? MagnitudeBias { get; init; }

    /// <summary>W_skip [d_out, d_in] of a skip transcoder: the reconstruction gains <c>x W_skip^T</c>.</summary>
    public Tensor? Skip { get; init; }

    /// <summary>[d_in, n] of a GLU encoder: pre-activations are multiplied by <c>sigmoid(x W_glu + b_glu)</c>.</summary>
    public Tensor? GluEncoder { get; init; }

    /// <summary>[n] of a GLU encoder.</summary>
    public Tensor? GluBias { get; init; }

    /// <summary>The tensors that are there, in a fixed order, under SAELens' names where it has one.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Named()
    {
        (string Name, Tensor? Tensor)[] all =
        [
            ("W_enc", Encoder), ("b_enc", EncoderBias), ("W_dec", Decoder), ("b_dec", DecoderBias), ("threshold", Threshold),
            ("b_gate", GateBias), ("r_mag", MagnitudeScale), ("b_mag", MagnitudeBias), ("W_skip", Skip),
            ("W_enc_glu", GluEncoder), ("b_enc_glu", GluBias),
        ];
        return all.Where(weight => weight.Tensor is not null).Select(weight => (weight.Name, weight.Tensor!));
    }

    /// <summary>The same weights with every tensor replaced by what <paramref name="change"/> makes of it.</summary>
    public SparseWeights Map(Func<Tensor, Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Tensor? Changed(Tensor? tensor) => tensor is null ? null : change(tensor);
        return new SparseWeights
        {
            Encoder = change(Encoder),
            EncoderBias = Changed(EncoderBias),
            Decoder = change(Decoder),
            DecoderBias = change(DecoderBias),
            Threshold = Changed(Threshold),
            GateBias = Changed(GateBias),
            MagnitudeScale = Changed(MagnitudeScale),
            MagnitudeBias = Changed(MagnitudeBias),
            Skip = Changed(Skip),
            GluEncoder = Changed(GluEncoder),
            GluBias = Changed(GluBias),
        };
    }

    /// <summary>Checks shapes, and that the optional tensors are those of the architecture.</summary>
    /// <exception cref="ArgumentException">A tensor is missing, misshapen or does not belong to the architecture.</exception>
    internal void Check(SparseAutoencoderConfig config, IReadOnlyCollection<string> needed)
    {
        long width = config.Width;
        long latents = config.Latents;
        long output = config.ReconstructionWidth;
        foreach ((string name, Tensor tensor) in Named())
        {
            long[] expected = name switch
            {
                "W_enc" or "W_enc_glu" => [width, latents],
                "W_dec" => [latents, output],
                "b_dec" => [output],
                "W_skip" => [output, width],
                _ => [latents],
            };
            if (!tensor.shape.SequenceEqual(expected))
            {
                throw new ArgumentException($"{name} has shape [{string.Join(", ", tensor.shape)}], where [{string.Join(", ", expected)}] was expected.");
            }
        }

        string[] common = ["W_enc", "W_dec", "b_dec", "W_skip", "W_enc_glu", "b_enc_glu"];
        string[] found = [.. Named().Select(weight => weight.Name).Except(common)];
        if (!needed.ToHashSet().SetEquals(found) || GluEncoder is null != GluBias is null)
        {
            throw new ArgumentException(
                $"Architecture {config.Architecture} has the tensors {string.Join(", ", needed)} besides encoder and decoder, found {string.Join(", ", found)}; a GLU has W_enc_glu and b_enc_glu.");
        }
    }
}
