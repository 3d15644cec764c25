using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Products;

/// <summary>
/// Pre-activations of picked latents, <c>(x - offset) · W_enc[j] + b_enc[j]</c>, whose backward pass touches picked entries only.
/// </summary>
internal sealed class ChosenPreActivations : autograd.SingleTensorFunction<ChosenPreActivations>
{
    public override string Name => nameof(ChosenPreActivations);

    /// <summary>Applies the function.</summary>
    /// <param name="centred"><c>x - offset</c> [rows, d], without a graph.</param>
    /// <param name="encoder">[n, d].</param>
    /// <param name="bias">[n].</param>
    /// <param name="offset">What was subtracted [d]; it gets a gradient where it wants one.</param>
    /// <param name="indices">Picked latents [rows, k], int64.</param>
    /// <returns>[rows, k].</returns>
    public static Tensor Of(Tensor centred, Tensor encoder, Tensor bias, Tensor offset, Tensor indices)
    {
        return apply(encoder, bias, offset, centred, indices);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var encoder = (Tensor)vars[0];
        var bias = (Tensor)vars[1];
        var centred = (Tensor)vars[3];
        var indices = (Tensor)vars[4];
        ctx.save_for_backward([encoder, centred, indices]);
        using Tensor flat = indices.reshape(-1);
        using Tensor picked = bias.index_select(0, flat);
        return RowProducts.Dot(centred, encoder, indices).add_(picked.view(indices.shape));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        (Tensor encoder, Tensor centred, Tensor indices) = (saved[0], saved[1], saved[2]);
        int latents = (int)encoder.shape[0];
        Tensor biasGradient = RowProducts.ScatterValues(indices, grad_output, latents);
        Tensor encoderGradient = RowProducts.Scatter(centred, indices, grad_output, latents);
        using Tensor pull = biasGradient.unsqueeze(0).mm(encoder).squeeze(0);
        return [encoderGradient, biasGradient, pull.neg(), null!, null!];
    }
}
