using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.MultiLayer;

/// <summary>Rows with mean 0 and deviation 1 each, <c>(x - μ) / (σ + 1e-5)</c> with σ unbiased, and what brings a reconstruction back.</summary>
/// <param name="Rows">[rows, d].</param>
/// <param name="Deviation">σ [rows, 1].</param>
/// <param name="Mean">μ [rows, 1].</param>
internal readonly record struct StandardisedRows(Tensor Rows, Tensor Deviation, Tensor Mean)
{
    private const double Epsilon = 1e-5;

    public static StandardisedRows Of(Tensor x)
    {
        Tensor mean = x.mean([-1], keepdim: true);
        Tensor centred = x - mean;
        Tensor deviation = centred.std(-1, unbiased: true, keepdim: true);
        return new StandardisedRows(centred / (deviation + Epsilon), deviation, mean);
    }

    /// <summary><c>y σ + μ</c>.</summary>
    public Tensor Undo(Tensor reconstruction)
    {
        return (reconstruction * Deviation) + Mean;
    }
}
