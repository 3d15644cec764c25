using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Inference;

/// <summary>Folds a factor of each latent into weights: the same function with latents in other units.</summary>
internal static class LatentScaling
{
    /// <summary>Weights whose latents are multiplied by <paramref name="norm"/>: encoder rows and biases times it, decoder rows divided by it.</summary>
    /// <param name="weight">A weight in training by its name.</param>
    /// <param name="norm">[n], positive.</param>
    public static Func<string, Tensor> Fold(Func<string, Tensor> weight, Tensor norm)
    {
        return name =>
        {
            using var noGradient = no_grad();
            return name switch
            {
                ParameterNames.Encoder => weight(name) * norm.unsqueeze(1),
                ParameterNames.EncoderBias => weight(name) * norm,
                ParameterNames.Decoder => weight(name) / norm.unsqueeze(1),
                _ => weight(name),
            };
        };
    }
}
