using TorchSharp;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Evaluation.Metrics;

/// <summary>
/// How close the choice of latents comes to another outcome: the smallest distance of a pre-activation to its threshold
/// (JumpReLU, ReLU), or of the k-th to the next (top-k), in float64.
/// </summary>
internal sealed class SelectionMargin(SparseAutoencoder dictionary) : ICoreMetric
{
    private double _smallest = double.PositiveInfinity;

    public bool IsDiagnostic => true;

    public object Value => _smallest;

    public void Add(CoreBatch batch)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor centred = dictionary.Config.SubtractDecoderBias ? batch.Input - Double(dictionary.DecoderBias) : batch.Input;
        Tensor pre = centred.mm(Double(dictionary.EncoderWeight)) + Double(dictionary.EncoderBias);
        if (dictionary.Config.RescaleByDecoderNorm)
        {
            pre *= Double(dictionary.DecoderWeight).norm(1);
        }

        _smallest = Math.Min(_smallest, Margin(pre).item<double>());
    }

    private Tensor Margin(Tensor pre)
    {
        if (dictionary.Config.Architecture != SparseArchitecture.TopK)
        {
            Tensor threshold = dictionary.Threshold is null ? zeros(1, ScalarType.Float64) : Double(dictionary.Threshold).clamp_min(0);
            return (pre - threshold).abs().min();
        }

        int k = dictionary.Config.K!.Value;
        if (k == dictionary.Latents)
        {
            return full(1, double.PositiveInfinity, ScalarType.Float64);
        }

        (Tensor largest, _) = pre.topk(k + 1, 1);
        return (largest.select(1, k - 1) - largest.select(1, k)).min();
    }

    private static Tensor Double(Tensor weight)
    {
        return weight.to(ScalarType.Float64).cpu();
    }
}
