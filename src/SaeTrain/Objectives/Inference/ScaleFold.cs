using TorchSharp;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Inference;

/// <summary>Weights that do to activations as harvested what weights in training do to scaled ones.</summary>
internal static class ScaleFold
{
    /// <summary>
    /// Folds the scales as dictionary_learning does: biases and thresholds are divided by them, so latents come in the units of the
    /// activations and directions stay as they are.
    /// </summary>
    /// <param name="weights">Weights in training, in the orientation of inference.</param>
    /// <param name="constants">The scales of training.</param>
    /// <returns>Copies on the CPU.</returns>
    public static SparseWeights Of(SparseWeights weights, DataConstants constants)
    {
        using var noGradient = no_grad();
        double input = 1 / constants.InputScale;
        double output = 1 / constants.OutputScale;
        return new SparseWeights
        {
            Encoder = Copy(weights.Encoder, 1),
            EncoderBias = CopyIfAny(weights.EncoderBias, input),
            Decoder = Copy(weights.Decoder, output / input),
            DecoderBias = Copy(weights.DecoderBias, output),
            Threshold = CopyIfAny(weights.Threshold, input),
            GateBias = CopyIfAny(weights.GateBias, input),
            MagnitudeScale = CopyIfAny(weights.MagnitudeScale, 1),
            MagnitudeBias = CopyIfAny(weights.MagnitudeBias, input),
            Skip = CopyIfAny(weights.Skip, output / input),
        };
    }

    /// <summary>Encoder, decoder and their biases of weights in training, as views in the orientation of inference.</summary>
    public static SparseWeights Views(Func<string, Tensor> weight)
    {
        return new SparseWeights
        {
            Encoder = weight(ParameterNames.Encoder).detach().t(),
            EncoderBias = weight(ParameterNames.EncoderBias).detach(),
            Decoder = weight(ParameterNames.Decoder).detach(),
            DecoderBias = weight(ParameterNames.DecoderBias).detach(),
        };
    }

    private static Tensor? CopyIfAny(Tensor? tensor, double factor)
    {
        return tensor is null ? null : Copy(tensor, factor);
    }

    private static Tensor Copy(Tensor tensor, double factor)
    {
        Tensor copy = tensor.detach().to(CPU).clone();
        return factor == 1 ? copy : copy.mul_(factor);
    }
}
