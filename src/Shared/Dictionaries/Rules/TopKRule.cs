using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Rules;

/// <summary>The k largest pre-activations of a row, then ReLU; the same as ReLU, then the k largest.</summary>
internal sealed class TopKRule : IActivationRule
{
    public SparseArchitecture Architecture => SparseArchitecture.TopK;

    public IReadOnlyCollection<string> Tensors { get; } = ["b_enc"];

    public void Validate(SparseAutoencoderConfig config, string source)
    {
        ActivationRules.RequireK(config, source);
    }

    public Tensor Choose(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights)
    {
        (Tensor values, Tensor indices) = pre.topk(config.K!.Value, -1);
        return zeros_like(pre).scatter_(-1, indices, values.relu_());
    }

    public Tensor Margin(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights)
    {
        return Gap(pre, config);
    }

    /// <summary>The smallest distance of the k-th largest entry of a row to the next.</summary>
    public static Tensor Gap(Tensor pre, SparseAutoencoderConfig config)
    {
        int k = config.K!.Value;
        if (k == config.Latents)
        {
            return full(1, double.PositiveInfinity, pre.dtype).squeeze(0);
        }

        (Tensor largest, _) = pre.topk(k + 1, -1);
        return (largest.select(-1, k - 1) - largest.select(-1, k)).min();
    }
}
