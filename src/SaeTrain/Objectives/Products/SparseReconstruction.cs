using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Products;

/// <summary>The decoder's product over picked latents, <c>sum_q z[r, q] W_dec[j(r, q)]</c>, gathered and scattered by row.</summary>
internal sealed class SparseReconstruction : autograd.SingleTensorFunction<SparseReconstruction>
{
    public override string Name => nameof(SparseReconstruction);

    /// <summary>Applies the function.</summary>
    /// <param name="values">Latents [rows, k].</param>
    /// <param name="decoder">[n, d].</param>
    /// <param name="indices">Picked latents [rows, k], int64.</param>
    /// <returns>[rows, d].</returns>
    public static Tensor Of(Tensor values, Tensor decoder, Tensor indices)
    {
        return apply(values, decoder, indices);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var values = (Tensor)vars[0];
        var decoder = (Tensor)vars[1];
        var indices = (Tensor)vars[2];
        ctx.save_for_backward([values, decoder, indices]);
        return RowProducts.Combine(decoder, indices, values);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        (Tensor values, Tensor decoder, Tensor indices) = (saved[0], saved[1], saved[2]);
        return
        [
            RowProducts.Dot(grad_output, decoder, indices),
            RowProducts.Scatter(grad_output, indices, values, (int)decoder.shape[0]),
            null!,
        ];
    }
}
