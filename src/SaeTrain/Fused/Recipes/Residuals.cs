using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Fused.Recipes;

/// <summary>Errors of a batch, taken from the gradients that hold them times a factor.</summary>
internal static class Residuals
{
    /// <summary><c>x - x_hat</c> of the last, whole reconstruction, for rows from the first on [rows, d].</summary>
    public static Tensor Whole(DecodePass decoded, long first, long rows)
    {
        int last = decoded.Squares.Length - 1;
        return decoded.Gradients[last].narrow(0, first, rows) * (-1 / decoded.Factor(last));
    }
}
