using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Rules;

/// <summary>The k pre-activations of largest magnitude of a row, with their sign.</summary>
internal sealed class AbsTopKRule : IActivationRule
{
    public SparseArchitecture Architecture => SparseArchitecture.AbsTopK;

    public IReadOnlyCollection<string> Tensors { get; } = ["b_enc"];

    public void Validate(SparseAutoencoderConfig config, string source)
    {
        ActivationRules.RequireK(config, source);
    }

    public Tensor Choose(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights)
    {
        (_, Tensor indices) = pre.abs().topk(config.K!.Value, -1);
        return zeros_like(pre).scatter_(-1, indices, pre.gather(-1, indices));
    }

    public Tensor Margin(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights)
    {
        return TopKRule.Gap(pre.abs(), config);
    }
}
