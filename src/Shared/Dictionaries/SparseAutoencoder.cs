using TorchSharp;
using Workbench.Dictionaries.Rules;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

/// <summary>A sparse autoencoder or transcoder in inference form. All arithmetic is float32.</summary>
/// <remarks>
/// With <c>x</c> normalised as the configuration says, <c>pre = (x - b_dec) W_enc + b_enc</c> (times
/// <c>sigmoid((x - b_dec) W_glu + b_glu)</c> for a GLU encoder), latents <c>z</c> by the architecture's rule,
/// <c>x_hat = z W_dec + b_dec</c> with the normalisation undone, plus <c>x W_skip^T</c> for a skip transcoder. With
/// <see cref="SparseAutoencoderConfig.RescaleByDecoderNorm"/> latents are in units of the decoder row's norm:
/// <c>z = relu(topk(pre * norm))</c> and <c>x_hat = (z / norm) W_dec + b_dec</c>; with
/// <see cref="SparseAutoencoderConfig.SelectByDecoderNorm"/> only the choice sees the norm. Methods may be called from several threads.
/// </remarks>
public sealed partial class SparseAutoencoder : ILatentModel
{
    private readonly IActivationRule _rule;
    private readonly Tensor _encoder;
    private readonly Tensor _encoderBias;
    private readonly Tensor _directions;
    private readonly Tensor? _latentScale;
    private readonly Lazy<Tensor> _encoderRows;
    private readonly Lazy<Tensor> _screeningEncoder;
    private readonly Lazy<string> _weightsHash;

    /// <summary>Builds a dictionary and takes over the tensors.</summary>
    /// <param name="config">Sizes and options.</param>
    /// <param name="weights">Tensors of any floating-point type.</param>
    /// <exception cref="WorkbenchException">The options do not belong together.</exception>
    /// <exception cref="ArgumentException">The tensors are not those of the options.</exception>
    public SparseAutoencoder(SparseAutoencoderConfig config, SparseWeights weights)
    {
        config.Validate("The dictionary's configuration");
        _rule = ActivationRules.Find(config.Architecture);
        weights.Check(config, _rule.Tensors);
        Config = config;
        Weights = weights.Map(Own);
        (_encoder, _encoderBias, _directions, _latentScale) = Folded();
        _encoderRows = new Lazy<Tensor>(() => Own(_encoder.t()));
        _screeningEncoder = new Lazy<Tensor>(ScreeningEncoder);
        _weightsHash = new Lazy<string>(() => ContentHash.OfTensors(Weights.Named()));
        Inputs = [new DictionarySite(config.Hook, config.Width)];
        Outputs = config.IsTranscoder ? [new DictionarySite(config.OutputHook ?? string.Empty, config.ReconstructionWidth)] : Inputs;
    }

    /// <summary>Builds an autoencoder of the architectures that have at most a threshold, and takes over the tensors.</summary>
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
        : this(config, new SparseWeights
        {
            Encoder = encoderWeight,
            EncoderBias = encoderBias,
            Decoder = decoderWeight,
            DecoderBias = decoderBias,
            Threshold = threshold,
        })
    {
    }

    /// <summary>Sizes and options.</summary>
    public SparseAutoencoderConfig Config { get; }

    /// <summary>The tensors as stored, float32; owned by this object.</summary>
    public SparseWeights Weights { get; }

    /// <summary>W_enc [width, latents] as stored, float32.</summary>
    public Tensor EncoderWeight => Weights.Encoder;

    /// <summary>What is added to the encoder's product, [latents] float32: b_enc as stored, or zeros where there is none.</summary>
    public Tensor EncoderBias => Weights.EncoderBias ?? _encoderBias;

    /// <summary>W_dec [latents, output width] as stored, float32.</summary>
    public Tensor DecoderWeight => Weights.Decoder;

    /// <summary>b_dec [output width], float32.</summary>
    public Tensor DecoderBias => Weights.DecoderBias;

    /// <summary>Thresholds [latents] of JumpReLU, else null.</summary>
    public Tensor? Threshold => Weights.Threshold;

    /// <inheritdoc/>
    public int Latents => Config.Latents;

    /// <inheritdoc/>
    public IReadOnlyList<DictionarySite> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DictionarySite> Outputs { get; }

    /// <inheritdoc/>
    public string WeightsHash => _weightsHash.Value;

    /// <summary>Where the weights are.</summary>
    public Device Device => EncoderWeight.device;

    /// <summary>What one unit of each latent adds to the reconstruction, [latents, output width] float32; owned by this object.</summary>
    public Tensor Directions => _directions;

    /// <inheritdoc/>
    public Tensor Encode(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Chosen(PreActivations(Centred(x))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Decode(Tensor z)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return z.to(ScalarType.Float32, Device).matmul(_directions).add_(DecoderBias).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Reconstruct(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Complete(x, Decode(Encode(x))).MoveToOuterDisposeScope();
    }

    /// <summary>The reconstruction of activations whose sparse latents are known.</summary>
    /// <param name="x">Activations [rows, width].</param>
    /// <param name="code">Their latents, from <see cref="EncodeSparse"/>.</param>
    /// <returns>Activations [rows, output width] in float32 on the dictionary's device.</returns>
    public Tensor Reconstruct(Tensor x, SparseCode code)
    {
        using var scope = NewDisposeScope();
        return Complete(x, Decode(code)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// What the largest positive pre-activations of each row decode to, however many latents the dictionary keeps: for a dictionary
    /// trained with sparsify's <c>multi_topk</c>, 4k of them are what that library's forward pass returns. No skip connection is added.
    /// </summary>
    /// <param name="x">Activations [..., width].</param>
    /// <param name="count">Latents of a row that are used.</param>
    public Tensor DecodeLargest(Tensor x, int count)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor latents = ActivationRules.Find(SparseArchitecture.TopK).Choose(PreActivations(Centred(x)), Config with { K = count }, Weights);
        return Decode(_latentScale is null ? latents : latents.mul_(_latentScale)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor? OutputScale(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return NormalizedRows.Of(Joined(x), Config.Normalization).Scale?.MoveToOuterDisposeScope();
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

    /// <summary>How near the choice of latents of these activations is to another, computed in float64: the smallest such distance.</summary>
    /// <param name="x">Activations [..., width].</param>
    public double SelectionMargin(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        SparseWeights wide = Weights.Map(tensor => tensor.to(ScalarType.Float64));
        Tensor rows = NormalizedRows.Of(Joined(x, ScalarType.Float64), Config.Normalization).Rows;
        Tensor pre = Products(Config.SubtractDecoderBias ? rows - wide.DecoderBias : rows, wide.Encoder, wide.EncoderBias, wide);
        if (Config.RescaleByDecoderNorm || Config.SelectByDecoderNorm)
        {
            pre = pre * wide.Decoder.norm(1);
        }

        return _rule.Margin(pre, Config, wide).item<double>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor? tensor in new[] { _encoder, _encoderBias, _directions, _latentScale }.Concat(Weights.Named().Select(weight => weight.Tensor)))
        {
            tensor?.Dispose();
        }

        foreach (Lazy<Tensor> made in new[] { _encoderRows, _screeningEncoder }.Where(made => made.IsValueCreated))
        {
            made.Value.Dispose();
        }
    }
}
