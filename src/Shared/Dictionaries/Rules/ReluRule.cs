using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Rules;

/// <summary><c>z = relu(pre)</c>.</summary>
internal sealed class ReluRule : IActivationRule
{
    public SparseArchitecture Architecture => SparseArchitecture.Relu;

    public IReadOnlyCollection<string> Tensors { get; } = ["b_enc"];

    public void Validate(SparseAutoencoderConfig config, string source)
    {
        ActivationRules.RefuseDecoderNorm(config, source);
    }

    public Tensor Choose(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights)
    {
        return pre.relu_();
    }

    public Tensor Margin(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights)
    {
        return pre.abs().min();
    }
}
