using TorchSharp;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>What top-k objectives share: selection, sparse reconstruction, and the dead latents' own pre-activations.</summary>
internal abstract class TopKObjective(DictionaryParameters parameters, TopKOptions options) : ITrainingObjective, IDisposable
{
    private readonly LatentSelector _selector = new(options.K, options.MatrixType);

    public FiringCounters Counters { get; } = new(parameters.Latents);

    protected DictionaryParameters Parameters { get; } = parameters;

    protected TopKOptions Options { get; } = options;

    public abstract ForwardPass Forward(Tensor batch);

    public virtual void AfterBackward()
    {
    }

    public virtual SparseAutoencoder ToInference(SparseAutoencoderConfig template)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.TopK, K = Options.K, RescaleByDecoderNorm = Options.RescaleByDecoderNorm };
        return new SparseAutoencoder(
            config,
            Parameters.Encoder.detach().t().cpu().clone(),
            Parameters.EncoderBias.detach().cpu().clone(),
            Parameters.Decoder.detach().cpu().clone(),
            Parameters.DecoderBias.detach().cpu().clone());
    }

    public void Dispose()
    {
        _selector.Dispose();
    }

    /// <summary>Picks latents of a batch and returns their pre-activations as a graph.</summary>
    protected (LatentChoice Choice, Tensor PreActivations) Encode(Tensor batch, Tensor? norm)
    {
        Tensor centred = (batch - Parameters.DecoderBias.detach()).contiguous();
        LatentChoice choice = _selector.Choose(centred, Parameters.Encoder, Parameters.EncoderBias, norm?.detach());
        return (choice, ChosenPreActivations.Of(centred, Parameters, choice.Indices));
    }

    /// <summary>ReLU of picked values; picks that do not count become zero.</summary>
    protected static Tensor Latents(LatentChoice choice, Tensor preActivations)
    {
        Tensor latents = preActivations.relu();
        return choice.Mask is null ? latents : latents * choice.Mask;
    }

    /// <summary>Reconstruction from picked latents, decoder bias included.</summary>
    protected Tensor Reconstruct(LatentChoice choice, Tensor latents)
    {
        return SparseReconstruction.Of(latents, Parameters.Decoder, choice.Indices) + Parameters.DecoderBias;
    }

    /// <summary>Pre-activations of the dead latents [rows, dead], dense: they are few.</summary>
    protected Tensor DeadPreActivations(Tensor batch, Tensor dead)
    {
        Tensor encoder = Parameters.Encoder.index_select(0, dead);
        Tensor bias = Parameters.EncoderBias.index_select(0, dead);
        return (batch - Parameters.DecoderBias).mm(encoder.t()) + bias;
    }

    /// <summary>Keeps the largest entries of each row and sets the rest to zero.</summary>
    protected static Tensor KeepLargest(Tensor values, int count)
    {
        if (count >= values.shape[1])
        {
            return values;
        }

        (Tensor largest, Tensor places) = values.topk(count, -1);
        return zeros_like(values).scatter(-1, places, largest);
    }
}
