using TorchSharp;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Inference;

/// <summary>Builds autoencoders in inference form from weights in training.</summary>
internal static class InferenceForm
{
    /// <summary>An autoencoder of encoder, decoder and their biases, with copies of the weights on the CPU.</summary>
    /// <param name="config">Sizes and options.</param>
    /// <param name="weight">A weight in training by its name.</param>
    /// <param name="threshold">Thresholds [n] of JumpReLU.</param>
    public static SparseAutoencoder Of(SparseAutoencoderConfig config, Func<string, Tensor> weight, Tensor? threshold = null)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return new SparseAutoencoder(
            config,
            Copy(weight(ParameterNames.Encoder).t()),
            Copy(weight(ParameterNames.EncoderBias)),
            Copy(weight(ParameterNames.Decoder)),
            Copy(weight(ParameterNames.DecoderBias)),
            threshold is null ? null : Copy(threshold));
    }

    /// <summary>A copy on the CPU.</summary>
    public static Tensor Copy(Tensor weight)
    {
        return weight.detach().to(CPU).clone();
    }
}
