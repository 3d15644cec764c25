using TorchSharp;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Objectives.Products;
using Workbench.SaeTrain.Objectives.Selection;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>What per-row top-k objectives share: selection, sparse reconstruction, and the dead latents' own pre-activations.</summary>
/// <param name="parameters">The weights.</param>
/// <param name="k">Latents kept in each row.</param>
/// <param name="selector">Picks the latents; disposed with this object.</param>
internal abstract class TopKObjective(ParameterSet parameters, int k, ILatentSelector selector) : TrainingObjective(parameters)
{
    /// <summary>An objective that picks the k largest of each row.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="k">Latents kept in each row.</param>
    /// <param name="matrixType">Number type of the encoder product.</param>
    protected TopKObjective(ParameterSet parameters, int k, ScalarType matrixType)
        : this(parameters, k, RowSelector(parameters, matrixType))
    {
    }

    /// <summary>How long each latent has been silent.</summary>
    public FiringCounters Counters { get; } = new(parameters.Latents, parameters.Device);

    public override IReadOnlyList<(string Name, Tensor Value)> State => [("since_fired", Counters.Since)];

    /// <summary>Latents kept in each row.</summary>
    protected int K => k;

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        return InferenceForm.Of(template with { Architecture = SparseArchitecture.TopK, K = k }, weight);
    }

    public override void Dispose()
    {
        base.Dispose();
        selector.Dispose();
    }

    /// <summary>Picks latents of a batch and returns their pre-activations as a graph.</summary>
    protected (LatentChoice Choice, Tensor PreActivations) Encode(Tensor batch, Tensor? norm)
    {
        Tensor centred = (batch - Parameters.DecoderBias.detach()).contiguous();
        LatentChoice choice = Choose(centred, norm?.detach(), k);
        return (choice, ChosenPreActivations.Of(centred, Parameters.Encoder, Parameters.EncoderBias, Parameters.DecoderBias, choice.Indices));
    }

    /// <summary>Picks latents of centred rows.</summary>
    protected LatentChoice Choose(Tensor centred, Tensor? norm, int count)
    {
        return selector.Choose(centred, Parameters.Encoder, Parameters.EncoderBias, norm, count);
    }

    /// <summary>The selector of the largest entries of each row, for the device of the weights.</summary>
    protected static ILatentSelector RowSelector(ParameterSet parameters, ScalarType matrixType)
    {
        return parameters.Device.type == DeviceType.CPU ? new CpuLatentSelector(matrixType) : new DeviceLatentSelector(matrixType);
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

    /// <summary>Mean number of values above zero in a row.</summary>
    protected static Tensor ActiveLatents(Tensor latents)
    {
        return (latents.detach() > 0).sum(ScalarType.Float64) / latents.shape[0];
    }
}
