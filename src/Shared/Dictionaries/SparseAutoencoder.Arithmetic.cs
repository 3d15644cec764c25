using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

public sealed partial class SparseAutoencoder
{
    /// <summary>A decoder row without length divides by this, so that its latent decodes to zero and not to NaN.</summary>
    internal const double SmallestNorm = 1e-30;

    private static Tensor Own(Tensor tensor)
    {
        return tensor.detach().to(ScalarType.Float32).contiguous().DetachFromDisposeScope();
    }

    /// <summary>Weights with the decoder norm folded in, and what latents are multiplied by after the choice, where it is not 1.</summary>
    private (Tensor Encoder, Tensor Bias, Tensor Directions, Tensor? LatentScale) Folded()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor bias = Weights.EncoderBias ?? zeros(Latents, ScalarType.Float32, Device).DetachFromDisposeScope();
        if (!Config.RescaleByDecoderNorm && !Config.SelectByDecoderNorm)
        {
            return (EncoderWeight, bias, DecoderWeight, null);
        }

        Tensor norm = DecoderWeight.norm(1).clamp_min(SmallestNorm);
        Tensor encoder = (EncoderWeight * norm).DetachFromDisposeScope();
        bias = (bias * norm).DetachFromDisposeScope();
        return Config.RescaleByDecoderNorm
            ? (encoder, bias, (DecoderWeight / norm.unsqueeze(1)).DetachFromDisposeScope(), null)
            : (encoder, bias, DecoderWeight, norm.reciprocal().DetachFromDisposeScope());
    }

    /// <summary>Activations in the weights' type and place, with heads joined.</summary>
    private Tensor Joined(Tensor x, ScalarType type = ScalarType.Float32)
    {
        Tensor input = x.to(type, Device);
        if (Config.JoinsHeads && x.dim() > 1 && x.shape[^1] != Config.Width && x.shape[^1] * x.shape[^2] == Config.Width)
        {
            return input.flatten(-2, -1);
        }

        return x.shape[^1] == Config.Width
            ? input
            : throw new WorkbenchException($"The dictionary reads activations of width {Config.Width}, found {x.shape[^1]}; use the hook point it was trained on.");
    }

    /// <summary>What the encoder's product takes: normalised, with the decoder bias subtracted where the dictionary does so.</summary>
    private Tensor Centred(Tensor x)
    {
        Tensor rows = NormalizedRows.Of(Joined(x), Config.Normalization).Rows;
        return Config.SubtractDecoderBias ? rows - DecoderBias : rows;
    }

    private Tensor PreActivations(Tensor centred)
    {
        return Products(centred, _encoder, _encoderBias, Weights);
    }

    private static Tensor Products(Tensor centred, Tensor encoder, Tensor? bias, SparseWeights weights)
    {
        Tensor pre = centred.matmul(encoder);
        if (bias is not null)
        {
            pre.add_(bias);
        }

        return weights.GluEncoder is null ? pre : pre.mul_(centred.matmul(weights.GluEncoder).add_(weights.GluBias!).sigmoid_());
    }

    /// <summary>Latents of pre-activations, which may be overwritten.</summary>
    private Tensor Chosen(Tensor pre)
    {
        Tensor latents = _rule.Choose(pre, Config, Weights);
        return _latentScale is null ? latents : latents.mul_(_latentScale);
    }

    /// <summary>Makes what was decoded the reconstruction of <paramref name="x"/>, in its shape.</summary>
    private Tensor Complete(Tensor x, Tensor decoded)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor input = Joined(x);
        Tensor output = NormalizedRows.Of(input, Config.Normalization).Undo(decoded);
        if (Weights.Skip is not null)
        {
            output = output + input.matmul(Weights.Skip.t());
        }

        return (Config.JoinsHeads && Config.ReconstructionWidth == Config.Width ? output.reshape(x.shape) : output).MoveToOuterDisposeScope();
    }
}
