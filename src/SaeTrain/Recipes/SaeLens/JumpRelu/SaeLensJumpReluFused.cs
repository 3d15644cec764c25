using TorchSharp;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Activations;
using Workbench.SaeTrain.Fused.Dead;
using Workbench.SaeTrain.Fused.Gradients;
using Workbench.SaeTrain.Fused.Penalties;
using Workbench.SaeTrain.Fused.Selection;
using Workbench.SaeTrain.Objectives;

namespace Workbench.SaeTrain.Recipes.SaeLens.JumpRelu;

/// <summary>The fused form of <see cref="SaeLensJumpReluObjective"/>.</summary>
internal sealed class SaeLensJumpReluFused : FusedRecipe
{
    private readonly SaeLensJumpReluObjective _objective;
    private readonly ThresholdWindow _window;
    private readonly JumpReluPenalty _penalty;
    private readonly JumpReluActivation _activation;
    private readonly DeadPull _pull;

    public unsafe SaeLensJumpReluFused(FusedContext context, SaeLensJumpReluObjective objective)
        : base(context)
    {
        _objective = objective;
        bool toInput = objective.Options.JumpreluSteToInput;
        _window = new ThresholdWindow(context.Weights.Threshold.Weights, (float)objective.Options.JumpreluBandwidth);
        _penalty = objective.Penalty switch
        {
            SparsityPenalty.Tanh => new TanhPenalty(objective.Options.JumpreluTanhScale),
            SparsityPenalty.Quadratic => new QuadraticPenalty(objective.Options.TargetL0!.Value),
            _ => new StepPenalty(),
        };
        _activation = new JumpReluActivation(context, _window, _penalty, toInput);
        _pull = new DeadPull(context);
        Selection = Selections.Window(context, _window, mayInvert: !toInput);
        Reconstruction = ReconstructionPlan.Whole(context.Latents, 1);
    }

    public override LatentSelection Selection { get; }

    public override LatentActivation Activation => _activation;

    public override ReconstructionPlan Reconstruction { get; }

    public override LatentGradients Gradients(DecodePass decoded)
    {
        return new JumpReluGradients(Context, decoded, _window, _penalty, _activation);
    }

    public override void Begin(TrainingBatch batch, long step)
    {
        _objective.ClampThresholds();
        _penalty.Coefficient = _objective.CoefficientAt(step);
        Context.Extra.Begin(_objective.Counters.Above(_objective.DeadSteps));
    }

    public override FusedLosses Complete(TrainingBatch batch, long step, DecodePass decoded)
    {
        var terms = new Dictionary<string, double>
        {
            ["mse_loss"] = decoded.Squares[0] / batch.Rows,
            ["l0_loss"] = _activation.Charge,
        };
        if (_objective.Options.PreActLossCoefficient is double weight)
        {
            terms["pre_act_loss"] = _pull.Add(weight);
        }

        _objective.Counters.Count(Context.Fired(above: 0), amount: 1, afterFiring: 0);
        return new FusedLosses(terms.Values.Sum(), terms, Context.Extra.Latents.Length);
    }

    public override void Dispose()
    {
        base.Dispose();
        _activation.Dispose();
    }
}
