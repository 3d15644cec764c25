using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Objectives.Thresholds;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Anthropic;

/// <summary>The loss of Anthropic's JumpReLU of January 2025, with the decoder bias not subtracted from the input.</summary>
/// <remarks>
/// <c>pre = x W_enc + b_enc</c>, <c>θ = exp(log θ)</c>, <c>z = pre 1[pre > θ]</c>, straight-through gradients to θ and pre.
/// <c>mse_loss = mean_rows Σ_d (x_hat - x)²</c>, <c>sparsity_loss = λ_t mean_rows Σ_j tanh(s z_j |W_dec[j]|)</c> with λ_t rising linearly
/// over the run, <c>pre_act_loss = λ_P mean_rows Σ_j relu(θ_j - pre_j) |W_dec[j]|</c> over all latents.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="inputScale">Factor of the activations in training.</param>
/// <param name="steps">Steps of the run.</param>
/// <param name="deadSteps">A latent is reported as dead where it has not fired for more than this number of steps; no loss depends on it.</param>
internal sealed class AnthropicJumpReluObjective(
    ParameterSet parameters, AnthropicJumpReluOptions options, double inputScale, long steps, long deadSteps)
    : DenseObjective(parameters, deadSteps)
{
    private readonly Reading _coefficient = new();
    private readonly CoefficientWarmUp _warmUp = new(options.LambdaSparsity, steps);
    private readonly ThresholdKernel _kernel = new(options.Bandwidth, ToInput: true);

    public override IReadOnlyList<(string Name, Tensor Value)> Readings => [("coefficient_sparsity", _coefficient.Value)];

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor dead = Dead();
        Tensor threshold = Parameters[ParameterNames.LogThreshold].exp();
        Tensor pre = batch.Input.mm(Parameters.Encoder.t()) + Parameters.EncoderBias;
        Tensor latents = JumpReluFunction.Of(pre, threshold, _kernel);
        Tensor reconstruction = Decode(latents);
        Tensor norm = Parameters.Decoder.norm(1);
        Tensor sparsity = (latents * norm * options.TanhScale).tanh().sum(-1).mean();
        Tensor gap = ((threshold - pre).relu() * norm).sum(-1).mean();
        return Pass(
            [
                ("mse_loss", Error(reconstruction, batch.Target)),
                ("sparsity_loss", sparsity * _coefficient.Set(_warmUp.At(step))),
                ("pre_act_loss", gap * options.LambdaPreAct),
            ],
            reconstruction,
            latents,
            dead);
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.JumpRelu, K = null, SubtractDecoderBias = false };
        return InferenceForm.Of(config, InputScaling.Fold(weight, inputScale), weight(ParameterNames.LogThreshold).exp());
    }

    public override void Dispose()
    {
        base.Dispose();
        _coefficient.Dispose();
    }
}
