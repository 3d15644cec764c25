using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Inference;

/// <summary>Folds one factor s of the activations in training into weights, so that they take and give activations as harvested.</summary>
internal static class InputScaling
{
    /// <summary>The weights with s folded in: encoder times s, decoder and its bias divided by s; latents keep their unit.</summary>
    /// <param name="weight">A weight in training by its name.</param>
    /// <param name="scale">s.</param>
    public static Func<string, Tensor> Fold(Func<string, Tensor> weight, double scale)
    {
        return scale == 1 ? weight : name =>
        {
            using var noGradient = no_grad();
            return name switch
            {
                ParameterNames.Encoder => weight(name) * scale,
                ParameterNames.Decoder or ParameterNames.DecoderBias => weight(name) / scale,
                _ => weight(name),
            };
        };
    }
}
