using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Objectives.Inference;
using Workbench.SaeTrain.Objectives.Thresholds;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens.JumpRelu;

/// <summary>The loss of SAELens' <c>jumprelu</c> training architecture, release 6.54: raw thresholds in float32, held at 0 or above.</summary>
/// <remarks>
/// <c>mse_loss = mean_rows Σ_d (x_hat - x)²</c>. <c>l0_loss</c> by the penalty, with the warmed-up coefficient c inside:
/// step <c>c mean_rows L0</c>, tanh <c>c mean_rows Σ_j tanh(s z_j |W_dec[j]|)</c>, quadratic
/// <c>c mean_rows (2 / t) (L0 - t)²</c>, t the target. <c>pre_act_loss = λ mean_rows Σ_{j dead} relu(θ_j - pre_j) |W_dec[j]|</c>.
/// </remarks>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="penalty">The penalty.</param>
/// <param name="inputScale">Factor of the activations in training.</param>
/// <param name="deadSteps">A latent is dead where it has not fired for more than this number of steps.</param>
internal sealed class SaeLensJumpReluObjective(
    ParameterSet parameters, SaeLensJumpReluOptions options, SparsityPenalty penalty, double inputScale, long deadSteps)
    : DenseObjective(parameters, deadSteps), IFusedObjective
{
    private readonly Reading _coefficient = new();
    private readonly CoefficientWarmUp _warmUp = new(options.L0Coefficient, options.L0WarmUpSteps);
    private readonly ThresholdKernel _kernel = new(options.JumpreluBandwidth, options.JumpreluSteToInput);

    /// <summary>The recipe's options.</summary>
    public SaeLensJumpReluOptions Options => options;

    /// <summary>The penalty.</summary>
    public SparsityPenalty Penalty => penalty;

    /// <summary>The coefficient of the penalty at each step.</summary>
    public CoefficientWarmUp Coefficient => _warmUp;

    /// <summary>Factor of the activations in training.</summary>
    public double InputScale => inputScale;

    public override IReadOnlyList<(string Name, Tensor Value)> Readings => [("coefficient_l0", _coefficient.Value)];

    /// <summary>Holds thresholds at 0 or above, which every step begins with.</summary>
    public void ClampThresholds()
    {
        using Tensor threshold = Parameters[ParameterNames.Threshold].detach();
        _ = threshold.clamp_min_(0.0);
    }

    /// <summary>The coefficient of the penalty in a step, which the report of the step then tells.</summary>
    public double CoefficientAt(long step)
    {
        return _coefficient.Set(_warmUp.At(step));
    }

    public int? EntriesPerRow => null;

    public FusedRecipe Fuse(FusedContext context)
    {
        return new SaeLensJumpReluFused(context, this);
    }

    public override ForwardPass Forward(TrainingBatch batch, long step)
    {
        ClampThresholds();
        Tensor threshold = Parameters[ParameterNames.Threshold];
        Tensor dead = Dead();
        Tensor pre = Product(batch.Input) + Parameters.EncoderBias;
        Tensor latents = JumpReluFunction.Of(pre, threshold, _kernel);
        Tensor reconstruction = Decode(latents);
        Tensor sparsity = Charge(pre, threshold, latents) * CoefficientAt(step);
        List<(string, Tensor)> terms = [("mse_loss", Error(reconstruction, batch.Target)), ("l0_loss", sparsity)];
        if (options.PreActLossCoefficient is double weight)
        {
            terms.Add(("pre_act_loss", Pull(pre, threshold, dead) * weight));
        }

        return Pass(terms, reconstruction, latents, dead);
    }

    public override ILatentModel ToInference(SparseAutoencoderConfig template, Func<string, Tensor> weight)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        SparseAutoencoderConfig config = template with { Architecture = SparseArchitecture.JumpRelu, K = null };
        Tensor threshold = weight(ParameterNames.Threshold).clamp_min(0.0);
        return InferenceForm.Of(config, InputScaling.Fold(weight, inputScale), threshold);
    }

    public override void Dispose()
    {
        base.Dispose();
        _coefficient.Dispose();
    }

    /// <summary>The penalty before its coefficient.</summary>
    private Tensor Charge(Tensor pre, Tensor threshold, Tensor latents)
    {
        switch (penalty)
        {
            case SparsityPenalty.Tanh:
                return (latents * Parameters.Decoder.norm(1) * options.JumpreluTanhScale).tanh().sum(-1).mean();
            case SparsityPenalty.Quadratic:
                double target = options.TargetL0!.Value;
                Tensor distance = StepFunction.Of(pre, threshold, _kernel).sum(-1) - target;
                return distance.pow(2.0).mean() * (2 / target);
            default:
                return StepFunction.Of(pre, threshold, _kernel).sum(-1).mean();
        }
    }

    /// <summary>How far dead latents are below their thresholds, in units of the decoder norm.</summary>
    private Tensor Pull(Tensor pre, Tensor threshold, Tensor dead)
    {
        if (dead.shape[0] == 0)
        {
            return zeros([], device: pre.device);
        }

        Tensor gap = (threshold.index_select(0, dead) - pre.index_select(1, dead)).relu();
        return (gap * Parameters.Decoder.index_select(0, dead).norm(1)).sum(-1).mean();
    }
}
