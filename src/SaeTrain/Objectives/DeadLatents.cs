using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>The dead latents' share of an auxiliary reconstruction, dense over them: they are few.</summary>
internal static class DeadLatents
{
    /// <summary><c>(x - b_dec) · W_enc[j] + b_enc[j]</c> of dead latents [rows, dead].</summary>
    public static Tensor PreActivations(ParameterSet parameters, Tensor batch, Tensor dead)
    {
        Tensor encoder = parameters.Encoder.index_select(0, dead);
        Tensor bias = parameters.EncoderBias.index_select(0, dead);
        return (batch - parameters.DecoderBias).mm(encoder.t()) + bias;
    }

    /// <summary>Keeps the largest entries of each row and sets the rest to zero.</summary>
    public static Tensor KeepLargest(Tensor values, int count)
    {
        if (count >= values.shape[1])
        {
            return values;
        }

        (Tensor largest, Tensor places) = values.topk(count, -1);
        return zeros_like(values).scatter(-1, places, largest);
    }
}
