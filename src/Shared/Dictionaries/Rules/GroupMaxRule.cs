using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Rules;

/// <summary>Latents in k contiguous groups of n/k; ReLU, then the largest of each group (sparsify's <c>groupmax</c>).</summary>
internal sealed class GroupMaxRule : IActivationRule
{
    public SparseArchitecture Architecture => SparseArchitecture.GroupMax;

    public IReadOnlyCollection<string> Tensors { get; } = ["b_enc"];

    public void Validate(SparseAutoencoderConfig config, string source)
    {
        ActivationRules.RequireK(config, source);
        if (config.Latents % config.K != 0)
        {
            throw new WorkbenchException($"{source}: {config.Latents} latents cannot be split in k = {config.K} groups of equal size, as groupmax does.");
        }
    }

    public Tensor Choose(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights)
    {
        Tensor groups = Grouped(pre, config);
        (Tensor values, Tensor indices) = groups.max(-1, keepdim: true);
        return zeros_like(groups).scatter_(-1, indices, values.relu_()).reshape(pre.shape);
    }

    public Tensor Margin(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights)
    {
        Tensor groups = Grouped(pre, config);
        return TopKRule.Gap(groups, config with { K = 1, Latents = (int)groups.shape[^1] });
    }

    private static Tensor Grouped(Tensor pre, SparseAutoencoderConfig config)
    {
        return pre.reshape([.. pre.shape[..^1], config.K!.Value, config.Latents / config.K.Value]);
    }
}
