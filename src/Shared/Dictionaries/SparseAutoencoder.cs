using TorchSharp;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

/// <summary>A sparse autoencoder in inference form. All arithmetic is float32.</summary>
/// <remarks>
/// <c>pre = (x - b_dec) W_enc + b_enc</c>, latents <c>z</c> by the architecture's rule, <c>x_hat = z W_dec + b_dec</c>. With
/// <see cref="SparseAutoencoderConfig.RescaleByDecoderNorm"/> latents are in units of the decoder row's norm:
/// <c>z = relu(topk(pre * norm))</c> and <c>x_hat = (z / norm) W_dec + b_dec</c>. Methods may be called from several threads.
/// </remarks>
public sealed partial class SparseAutoencoder : ILatentModel
{
    private readonly Tensor _encoder;
    private readonly Tensor _encoderBias;
    private readonly Tensor _directions;
    private readonly Lazy<Tensor> _encoderRows;
    private readonly Lazy<string> _weightsHash;

    /// <summary>Builds an autoencoder and takes over the tensors.</summary>
    /// <param name="config">Sizes and options, already valid.</param>
    /// <param name="encoderWeight">W_enc [width, latents], float32.</param>
    /// <param name="encoderBias">b_enc [latents], float32.</param>
    /// <param name="decoderWeight">W_dec [latents, width], float32.</param>
    /// <param name="decoderBias">b_dec [width], float32.</param>
    /// <param name="threshold">One threshold a latent, for JumpReLU only; a negative one acts as 0.</param>
    public SparseAutoencoder(
        SparseAutoencoderConfig config,
        Tensor encoderWeight,
        Tensor encoderBias,
        Tensor decoderWeight,
        Tensor decoderBias,
        Tensor? threshold = null)
    {
        config.Validate("The autoencoder's configuration");
        if ((config.Architecture == SparseArchitecture.JumpRelu) != (threshold is not null))
        {
            throw new ArgumentException("JumpReLU has thresholds, and no other architecture has.", nameof(threshold));
        }

        Config = config;
        EncoderWeight = Own(encoderWeight);
        EncoderBias = Own(encoderBias);
        DecoderWeight = Own(decoderWeight);
        DecoderBias = Own(decoderBias);
        Threshold = threshold is null ? null : Own(threshold);
        (_encoder, _encoderBias, _directions) = Folded();
        _encoderRows = new Lazy<Tensor>(() => Own(_encoder.t()));
        _weightsHash = new Lazy<string>(() => ContentHash.OfTensors(Weights()));
        Inputs = [new DictionarySite(config.Hook, config.Width)];
    }

    /// <summary>Sizes and options.</summary>
    public SparseAutoencoderConfig Config { get; }

    /// <summary>W_enc [width, latents] as stored, float32.</summary>
    public Tensor EncoderWeight { get; }

    /// <summary>b_enc [latents] as stored, float32.</summary>
    public Tensor EncoderBias { get; }

    /// <summary>W_dec [latents, width] as stored, float32.</summary>
    public Tensor DecoderWeight { get; }

    /// <summary>b_dec [width], float32.</summary>
    public Tensor DecoderBias { get; }

    /// <summary>Thresholds [latents] of JumpReLU, else null.</summary>
    public Tensor? Threshold { get; }

    /// <inheritdoc/>
    public int Latents => Config.Latents;

    /// <inheritdoc/>
    public IReadOnlyList<DictionarySite> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DictionarySite> Outputs => Inputs;

    /// <inheritdoc/>
    public string WeightsHash => _weightsHash.Value;

    /// <summary>Where the weights are.</summary>
    public Device Device => EncoderWeight.device;

    /// <summary>What one unit of each latent adds to the reconstruction, [latents, width] float32; owned by this object.</summary>
    public Tensor Directions => _directions;

    /// <inheritdoc/>
    public Tensor Encode(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor pre = Centred(x).matmul(_encoder).add_(_encoderBias);
        return Chosen(pre).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Decode(Tensor z)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return z.to(ScalarType.Float32, Device).matmul(_directions).add_(DecoderBias).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Direction(int latent, int output = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(output, 0);
        if (latent < 0 || latent >= Latents)
        {
            throw new WorkbenchException($"Latent {latent} does not exist; the dictionary has latents 0 to {Latents - 1}.");
        }

        using Tensor row = _directions[latent];
        return row.clone();
    }

    /// <summary>
    /// The same function with decoder rows of unit norm, as SAELens exports what it trained with rescaling: columns of W_enc and
    /// entries of b_enc are multiplied by the row's norm and rows of W_dec divided by it. Without rescaling, a plain copy.
    /// </summary>
    public SparseAutoencoder WithUnitDecoder()
    {
        using var scope = NewDisposeScope();
        return new SparseAutoencoder(Config, _encoder.clone(), _encoderBias.clone(), _directions.clone(), DecoderBias.clone(), Threshold?.clone());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor? tensor in new[] { _encoder, _encoderBias, _directions, EncoderWeight, EncoderBias, DecoderWeight, DecoderBias, Threshold })
        {
            tensor?.Dispose();
        }

        if (_encoderRows.IsValueCreated)
        {
            _encoderRows.Value.Dispose();
        }
    }

    internal IEnumerable<(string Name, Tensor Tensor)> Weights()
    {
        yield return ("W_enc", EncoderWeight);
        yield return ("b_enc", EncoderBias);
        yield return ("W_dec", DecoderWeight);
        yield return ("b_dec", DecoderBias);
        if (Threshold is not null)
        {
            yield return ("threshold", Threshold);
        }
    }

    private static Tensor Own(Tensor tensor)
    {
        return tensor.detach().to(ScalarType.Float32).contiguous().DetachFromDisposeScope();
    }

    private (Tensor Encoder, Tensor Bias, Tensor Directions) Folded()
    {
        if (!Config.RescaleByDecoderNorm)
        {
            return (EncoderWeight, EncoderBias, DecoderWeight);
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor norm = DecoderWeight.norm(1);
        return (
            (EncoderWeight * norm).DetachFromDisposeScope(),
            (EncoderBias * norm).DetachFromDisposeScope(),
            (DecoderWeight / norm.unsqueeze(1)).DetachFromDisposeScope());
    }

    private Tensor Centred(Tensor x)
    {
        if (x.shape[^1] != Config.Width)
        {
            throw new WorkbenchException($"The dictionary reads activations of width {Config.Width}, found {x.shape[^1]}; use the hook point it was trained on.");
        }

        Tensor input = x.to(ScalarType.Float32, Device);
        return Config.SubtractDecoderBias ? input - DecoderBias : input;
    }

    private Tensor Chosen(Tensor pre)
    {
        switch (Config.Architecture)
        {
            case SparseArchitecture.TopK:
                (Tensor values, Tensor indices) = pre.topk(Config.K!.Value, -1);
                return zeros_like(pre).scatter_(-1, indices, values.relu_());
            case SparseArchitecture.JumpRelu:
                return pre.relu() * (pre > Threshold!);
            default:
                return pre.relu_();
        }
    }
}
