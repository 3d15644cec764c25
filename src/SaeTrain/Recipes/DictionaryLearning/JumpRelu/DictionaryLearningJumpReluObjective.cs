using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Objectives.Thresholds;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.JumpRelu;

/// <summary>The loss of dictionary_learning's JumpReLU trainer: the squared error and a parabola about a target L0.</summary>
/// <remarks>
/// <c>total = l2_loss + sparsity_penalty min(step / sparsity_warmup_steps, 1) (L0 / target_l0 - 1)²</c>, L0 = mean_rows Σ_j 1[z_j &gt; threshold_j].
/// The step function looks at z, not at pre-activations, so where a threshold is below half the bandwidth every closed latent
/// pushes it: its gradient is <c>-(1 / bandwidth) rect((z - threshold) / bandwidth)</c>. The decoder bias is not subtracted from the input.
/// </remarks>
internal sealed class DictionaryLearningJumpReluObjective(
    ParameterSet parameters, DictionaryLearningJumpReluOptions options, long deadSteps, DataConstants constants)
    : DictionaryLearningObjective(parameters, deadSteps, constants)
{
    private readonly ThresholdKernel _kernel = new(options.Bandwidth, ToInput: false);

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        Tensor threshold = Parameters[ParameterNames.Threshold];
        Tensor pre = batch.Input.mm(Parameters.Encoder.t()) + Parameters.EncoderBias;
        Tensor latents = JumpReluFunction.Of(pre, threshold, _kernel);
        Tensor reconstruction = Decode(latents);
        Tensor error = Error(reconstruction, batch.Target);
        double weight = new CoefficientWarmUp(options.SparsityPenalty, options.SparsityWarmupSteps).At(step);
        Tensor active = StepFunction.Of(latents.detach(), threshold, _kernel).sum(-1).mean();
        Tensor excess = active.div(options.TargetL0).sub(1.0);
        Tensor total = error + excess.square().mul(weight);
        return Pass(new LossTerms(total, [("l2_loss", error)]), reconstruction, latents);
    }

    public override void AfterBackward()
    {
        UnitDecoder.RemoveParallel(Parameters.Decoder, UnitDecoder.ProjectionEpsilon);
    }

    public override void AfterUpdate(TrainingBatch batch, long step, IOptimizer optimizer)
    {
        UnitDecoder.Normalise(Parameters.Decoder, UnitDecoder.MachineEpsilon);
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.JumpRelu, K = null, SubtractDecoderBias = false };
        SparseWeights weights = ScaleFold.Views(weight) with { Threshold = weight(ParameterNames.Threshold) };
        return new SparseAutoencoder(config, ScaleFold.Of(weights, Constants));
    }
}
