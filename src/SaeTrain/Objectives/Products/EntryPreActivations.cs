using TorchSharp;
using Workbench.SaeTrain.Objectives.Selection;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Products;

/// <summary>
/// Pre-activations of listed entries, <c>(x - b_dec) · W_enc[j] + b_enc[j]</c>, whose backward pass touches those entries only.
/// </summary>
internal sealed class EntryPreActivations : autograd.SingleTensorFunction<EntryPreActivations>
{
    public override string Name => nameof(EntryPreActivations);

    /// <summary>Applies the function.</summary>
    /// <param name="centred"><c>x - b_dec</c> [rows, d], without a graph.</param>
    /// <param name="parameters">The weights; gradients go to the encoder, its bias and the decoder's bias.</param>
    /// <param name="entries">The entries.</param>
    /// <returns>[entries].</returns>
    public static Tensor Of(Tensor centred, ParameterSet parameters, LatentEntries entries)
    {
        return apply(parameters.Encoder, parameters.EncoderBias, parameters.DecoderBias, centred, entries.Rows, entries.Latents);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var encoder = (Tensor)vars[0];
        var bias = (Tensor)vars[1];
        var centred = (Tensor)vars[3];
        var rows = (Tensor)vars[4];
        var latents = (Tensor)vars[5];
        ctx.save_for_backward([encoder, centred, rows, latents]);
        using Tensor picked = bias.index_select(0, latents);
        return EntryProducts.Dot(centred, rows, encoder, latents).add_(picked);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        (Tensor encoder, Tensor centred, Tensor rows, Tensor latents) = (saved[0], saved[1], saved[2], saved[3]);
        long count = encoder.shape[0];
        Tensor biasGradient = zeros(count, device: encoder.device).index_add_(0, latents, grad_output, 1);
        Tensor encoderGradient = EntryProducts.Scatter(latents, count, centred, rows, grad_output);
        using Tensor pull = biasGradient.unsqueeze(0).mm(encoder).squeeze(0);
        return [encoderGradient, biasGradient, pull.neg(), null!, null!, null!];
    }
}
