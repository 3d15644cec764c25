using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

/// <summary>Activations as the encoder sees them, and what brings a reconstruction back to their units.</summary>
/// <param name="Rows">Normalised activations [..., width].</param>
/// <param name="Scale">Factor of the reconstruction [..., 1]; null for 1.</param>
/// <param name="Shift">Summand of the reconstruction after the factor [..., 1]; null for 0.</param>
internal readonly record struct NormalizedRows(Tensor Rows, Tensor? Scale, Tensor? Shift)
{
    private const double Epsilon = 1e-5;

    public static NormalizedRows Of(Tensor x, InputNormalization normalization)
    {
        switch (normalization)
        {
            case InputNormalization.LayerNorm:
                Tensor mean = x.mean([-1], keepdim: true);
                Tensor centred = x - mean;
                Tensor deviation = centred.std(-1, unbiased: true, keepdim: true);
                return new NormalizedRows(centred / (deviation + Epsilon), deviation, mean);
            case InputNormalization.ConstantNormRescale:
                Tensor scale = x.norm(-1, keepdim: true) / Math.Sqrt(x.shape[^1]);
                return new NormalizedRows(x / scale.clamp_min(float.Epsilon), scale, null);
            default:
                return new NormalizedRows(x, null, null);
        }
    }

    /// <summary>A reconstruction in the units of the activations.</summary>
    public Tensor Undo(Tensor reconstruction)
    {
        Tensor scaled = Scale is null ? reconstruction : reconstruction * Scale;
        return Shift is null ? scaled : scaled + Shift;
    }
}
