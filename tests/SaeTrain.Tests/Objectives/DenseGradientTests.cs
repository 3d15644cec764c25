using TorchSharp;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes.Anthropic;
using Workbench.SaeTrain.Recipes.MultiLayer;
using Workbench.SaeTrain.Recipes.SaeLens.Gated;
using Workbench.SaeTrain.Recipes.SaeLens.JumpRelu;
using Workbench.SaeTrain.Recipes.SaeLens.Standard;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Objectives;

public sealed class DenseGradientTests
{
    private const double Bandwidth = 0.8;

    [Theory]
    [InlineData(SparsityPenalty.Step, false)]
    [InlineData(SparsityPenalty.Step, true)]
    [InlineData(SparsityPenalty.Tanh, false)]
    [InlineData(SparsityPenalty.Tanh, true)]
    [InlineData(SparsityPenalty.Quadratic, true)]
    internal void Jump_relu_equals_the_stop_gradient_formula(SparsityPenalty penalty, bool toInput)
    {
        using var problem = new ObjectiveCase((ParameterNames.Threshold, 0.5));
        var options = new SaeLensJumpReluOptions
        {
            L0Coefficient = 0.3, L0WarmUpSteps = 10, JumpreluBandwidth = Bandwidth, JumpreluSteToInput = toInput, TargetL0 = 6, PreActLossCoefficient = 0.2,
        };
        using var sut = new SaeLensJumpReluObjective(problem.Own, options, penalty, 1, ObjectiveCase.DeadSteps);
        problem.Silence(sut.Counters);
        Tensor threshold = problem.Dense[ParameterNames.Threshold];
        Tensor pre = problem.PreActivations;
        Tensor latents = Jump(pre, threshold, toInput);
        Tensor active = Step(pre, threshold, toInput).sum(-1);
        Tensor charge = penalty switch
        {
            SparsityPenalty.Step => active.mean(),
            SparsityPenalty.Tanh => (4 * latents * problem.Norm).tanh().sum(-1).mean(),
            _ => (2 / 6.0 * (active - 6).pow(2)).mean(),
        };
        Tensor pull = ((threshold - pre).relu() * problem.DeadMask * problem.Norm).sum(-1).mean();

        problem.Compare(sut, Error(problem, latents) + (0.15 * charge) + (0.2 * pull));
    }

    [Fact]
    public void Anthropic_s_jump_relu_equals_the_stop_gradient_formula()
    {
        using var problem = new ObjectiveCase((ParameterNames.LogThreshold, -0.7));
        var options = new AnthropicJumpReluOptions { LambdaSparsity = 0.4, LambdaPreAct = 0.1, TanhScale = 3, Bandwidth = Bandwidth, InitialFiringRate = 0.1 };
        using var sut = new AnthropicJumpReluObjective(problem.Own, options, 1, steps: 20, ObjectiveCase.DeadSteps);
        Tensor threshold = problem.Dense[ParameterNames.LogThreshold].exp();
        Tensor pre = problem.X.mm(problem.Dense.Encoder.t()) + problem.Dense.EncoderBias;
        Tensor latents = Jump(pre, threshold, toInput: true);
        Tensor charge = (3 * latents * problem.Norm).tanh().sum(-1).mean();
        Tensor pull = ((threshold - pre).relu() * problem.Norm).sum(-1).mean();

        problem.Compare(sut, Error(problem, latents) + (0.4 * 5 / 20.0 * charge) + (0.1 * pull));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.8)]
    public void The_standard_penalty_is_a_norm_in_units_of_the_decoder(double p)
    {
        using var problem = new ObjectiveCase();
        using var sut = new SaeLensStandardObjective(
            problem.Own, new SaeLensStandardOptions { L1Coefficient = 0.5, LpNorm = p, L1WarmUpSteps = 4 }, 1, ObjectiveCase.DeadSteps);
        Tensor latents = problem.PreActivations.relu();
        Tensor positive = latents > 0;
        Tensor powers = where(positive, where(positive, latents * problem.Norm, ones([])).pow(p), zeros([]));

        problem.Compare(sut, Error(problem, latents) + (0.5 * powers.sum(-1).pow(1 / p).mean()));
    }

    [Fact]
    public void A_gated_encoder_equals_two_separate_products()
    {
        using var problem = new ObjectiveCase((ParameterNames.GateBias, 0), (ParameterNames.MagnitudeScale, 0.1), (ParameterNames.MagnitudeBias, 0.05));
        using var own = new ParameterSet(problem.Own.All.Where(weight => weight.Name != ParameterNames.EncoderBias), CPU);
        using var sut = new SaeLensGatedObjective(own, new SaeLensGatedOptions { L1Coefficient = 0.5, L1WarmUpSteps = 0 }, 1, ObjectiveCase.DeadSteps);
        ParameterSet dense = problem.Dense;
        Tensor centred = problem.X - dense.DecoderBias;
        Tensor gate = centred.mm(dense.Encoder.t()) + dense[ParameterNames.GateBias];
        Tensor scaled = dense.Encoder * dense[ParameterNames.MagnitudeScale].exp().unsqueeze(1);
        Tensor latents = (gate.detach() > 0) * (centred.mm(scaled.t()) + dense[ParameterNames.MagnitudeBias]).relu();
        Tensor expected = Error(problem, latents) + (0.5 * (gate.relu() * problem.Norm).sum(-1).mean()) + Error(problem, gate.relu());

        LossTerms losses = sut.Forward(new TrainingBatch(problem.X), 5).Losses;
        losses.Total.backward();
        expected.backward();

        foreach ((string name, Tensor weight) in own.All)
        {
            Testing.TensorAssert.CloseToScale(dense[name].grad!, weight.grad!, 1e-5, name);
        }
    }

    [Fact]
    public void A_multi_layer_autoencoder_divides_each_hook_s_error_by_its_variance()
    {
        using var problem = new ObjectiveCase();
        problem.X.narrow(0, ObjectiveCase.Rows / 2, ObjectiveCase.Rows / 2).mul_(20);
        var options = new MultiLayerTopKOptions { K = 3, Auxk = 2, AuxkCoef = 0.25 };
        using var sut = new MultiLayerTopKObjective(problem.Own, options, ["a", "b"], ObjectiveCase.DeadSteps, ScalarType.Float32);
        problem.Silence(sut.Counters);
        Tensor mean = problem.X.mean([1], true);
        Tensor deviation = problem.X.std(1, true, true);
        Tensor pre = ((problem.X - mean) / (deviation + 1e-5) - problem.Dense.DecoderBias).mm(problem.Dense.Encoder.t()) + problem.Dense.EncoderBias;
        Tensor reconstruction = ((RowLargest(pre, 3).mm(problem.Dense.Decoder) + problem.Dense.DecoderBias) * deviation) + mean;
        Tensor error = problem.X - reconstruction;
        Tensor[] hooks = [.. problem.X.split(ObjectiveCase.Rows / 2, 0).Zip(error.split(ObjectiveCase.Rows / 2, 0), (x, e) => e.pow(2).mean() / x.var())];
        Tensor dead = DeadNow(problem, pre);
        Tensor prediction = RowLargest(pre.masked_fill(dead.eq(0), 0), 2).mm(problem.Dense.Decoder) + problem.Dense.DecoderBias;
        Tensor auxiliary = (error - prediction).pow(2).mean() / (error - error.mean([1], true)).pow(2).mean();

        problem.Compare(sut, ((hooks[0] + hooks[1]) / 2) + (0.25 * auxiliary));
    }

    /// <summary>The dead latents that did not fire in this batch either.</summary>
    private static Tensor DeadNow(ObjectiveCase problem, Tensor pre)
    {
        Tensor fired = RowLargest(pre, 3).gt(1e-3).any(0);
        return problem.DeadMask * fired.logical_not();
    }

    private static Tensor RowLargest(Tensor pre, int count)
    {
        (Tensor largest, Tensor places) = pre.topk(count, -1);
        return zeros_like(pre).scatter(-1, places, largest.relu());
    }

    private static Tensor Error(ObjectiveCase problem, Tensor latents)
    {
        return (latents.mm(problem.Dense.Decoder) + problem.Dense.DecoderBias - problem.X).pow(2).sum(-1).mean();
    }

    private static Tensor Window(Tensor pre, Tensor threshold)
    {
        return ((pre - threshold) / Bandwidth).abs().lt(0.5).to(ScalarType.Float32).detach();
    }

    private static Tensor Jump(Tensor pre, Tensor threshold, bool toInput)
    {
        Tensor slope = (threshold / Bandwidth * Window(pre, threshold)).detach();
        Tensor latents = (pre * (pre > threshold).detach()) - (slope * (threshold - threshold.detach()));
        return toInput ? latents + (slope * (pre - pre.detach())) : latents;
    }

    private static Tensor Step(Tensor pre, Tensor threshold, bool toInput)
    {
        Tensor slope = Window(pre, threshold) / Bandwidth;
        Tensor on = (pre > threshold).to(ScalarType.Float32) - (slope * (threshold - threshold.detach()));
        return toInput ? on + (slope * (pre - pre.detach())) : on;
    }
}
