using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Rules;

/// <summary><c>z = relu(pre * exp(r_mag) + b_mag)</c> where <c>pre + b_gate &gt; 0</c>, else 0, with <c>pre = x W_enc</c> without a bias.</summary>
internal sealed class GatedRule : IActivationRule
{
    public SparseArchitecture Architecture => SparseArchitecture.Gated;

    public IReadOnlyCollection<string> Tensors { get; } = ["b_gate", "r_mag", "b_mag"];

    public void Validate(SparseAutoencoderConfig config, string source)
    {
        ActivationRules.RefuseDecoderNorm(config, source);
    }

    public Tensor Choose(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights)
    {
        Tensor gate = pre + weights.GateBias! > 0;
        return pre.mul(weights.MagnitudeScale!.exp()).add_(weights.MagnitudeBias!).relu_().mul_(gate);
    }

    public Tensor Margin(Tensor pre, SparseAutoencoderConfig config, SparseWeights weights)
    {
        return (pre + weights.GateBias!).abs().min();
    }
}
