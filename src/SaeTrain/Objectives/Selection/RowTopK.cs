using TorchSharp;
using Workbench.SaeTrain.Objectives.Products;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Selection;

/// <summary>Latents that are chosen row by row: their pre-activations, values and reconstruction, as graphs over the picks alone.</summary>
/// <param name="parameters">The weights.</param>
/// <param name="selector">Picks the latents; disposed with this object.</param>
internal sealed class RowTopK(ParameterSet parameters, ILatentSelector selector) : IDisposable
{
    /// <summary>The k largest of each row, picked by what is fastest on the device of the weights.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="matrixType">Number type of the encoder product.</param>
    public RowTopK(ParameterSet parameters, ScalarType matrixType)
        : this(parameters, parameters.Device.type == DeviceType.CPU ? new CpuLatentSelector(matrixType) : new DeviceLatentSelector(matrixType))
    {
    }

    /// <summary>Picks latents of a batch and returns their pre-activations as a graph.</summary>
    /// <param name="batch">[rows, d].</param>
    /// <param name="norm">Factor of each latent's pre-activation before the choice [n], or null.</param>
    /// <param name="k">Latents of a row.</param>
    public (LatentChoice Choice, Tensor PreActivations) Encode(Tensor batch, Tensor? norm, int k)
    {
        Tensor centred = (batch - parameters.DecoderBias.detach()).contiguous();
        LatentChoice choice = Choose(centred, norm?.detach(), k);
        return (choice, ChosenPreActivations.Of(centred, parameters.Encoder, parameters.EncoderBias, parameters.DecoderBias, choice.Indices));
    }

    /// <summary>Picks latents of centred rows.</summary>
    public LatentChoice Choose(Tensor centred, Tensor? norm, int k)
    {
        return selector.Choose(centred, parameters.Encoder, parameters.EncoderBias, norm, k);
    }

    /// <summary>ReLU of picked values; picks that do not count become zero.</summary>
    public static Tensor Latents(LatentChoice choice, Tensor preActivations)
    {
        Tensor latents = preActivations.relu();
        return choice.Mask is null ? latents : latents * choice.Mask;
    }

    /// <summary>Reconstruction from picked latents, decoder bias included [rows, d_out].</summary>
    public Tensor Reconstruct(LatentChoice choice, Tensor latents)
    {
        return SparseReconstruction.Of(latents, parameters.Decoder, choice.Indices) + parameters.DecoderBias;
    }

    /// <summary>Mean number of values above zero in a row, L0.</summary>
    public static Tensor ActiveLatents(Tensor latents)
    {
        return (latents.detach() > 0).sum(ScalarType.Float64) / latents.shape[0];
    }

    public void Dispose()
    {
        selector.Dispose();
    }
}
