using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Products;

/// <summary>The decoder's product over listed entries, <c>out[t] = sum over entries e with target[e] = t of z[e] W_dec[j(e)]</c>.</summary>
internal sealed class EntryReconstruction : autograd.SingleTensorFunction<EntryReconstruction>
{
    public override string Name => nameof(EntryReconstruction);

    /// <summary>Applies the function.</summary>
    /// <param name="values">Latents [entries].</param>
    /// <param name="decoder">[n, d].</param>
    /// <param name="latents">Latent of each entry, int64 [entries].</param>
    /// <param name="targets">Row of the result that each entry adds to, int64 [entries].</param>
    /// <param name="count">Rows of the result.</param>
    /// <returns>[targets, d].</returns>
    public static Tensor Of(Tensor values, Tensor decoder, Tensor latents, Tensor targets, long count)
    {
        return apply(values, decoder, latents, targets, count);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var values = (Tensor)vars[0];
        var decoder = (Tensor)vars[1];
        var latents = (Tensor)vars[2];
        var targets = (Tensor)vars[3];
        ctx.save_for_backward([values, decoder, latents, targets]);
        return EntryProducts.Scatter(targets, (long)vars[4], decoder, latents, values);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        (Tensor values, Tensor decoder, Tensor latents, Tensor targets) = (saved[0], saved[1], saved[2], saved[3]);
        return
        [
            EntryProducts.Dot(grad_output, targets, decoder, latents),
            EntryProducts.Scatter(latents, decoder.shape[0], grad_output, targets, values),
            null!,
            null!,
            null!,
        ];
    }
}
