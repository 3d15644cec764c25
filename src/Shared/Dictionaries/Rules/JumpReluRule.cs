using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Rules;

/// <summary><c>z = relu(pre)</c> where <c>pre &gt; threshold</c>, strictly, else 0; so a negative threshold acts as 0.</summary>
internal sealed class JumpReluRule : IActivationRule
{
    public SparseArchitecture Architecture => SparseArchitecture.JumpRelu;

    public IReadOnlyCollection<string> Tensors { get; } = ["b_enc", "threshold"];

    public void Validate(SparseAutoencoderConfig config, string source)
    {
        ActivationRules.RefuseDecoderNorm(config, source);
    }

    public Tensor Choose(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights)
    {
        return pre.relu() * (pre > weights.Threshold!);
    }

    public Tensor Margin(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights)
    {
        return (pre - weights.Threshold!.clamp_min(0)).abs().min();
    }
}
