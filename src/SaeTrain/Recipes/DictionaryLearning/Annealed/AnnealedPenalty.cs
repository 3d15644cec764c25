using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Annealed;

/// <summary>
/// An Lp penalty whose p falls in steps, and whose coefficient changes with it so that the penalty keeps its size: at a change it is
/// multiplied by the mean penalty of the last batches at the old p over that at the new p. p follows from the step; what follows
/// from data is the coefficient and the penalties of the last batches, which are state.
/// </summary>
/// <param name="options">The recipe's options.</param>
/// <param name="schedule">p of each step.</param>
/// <param name="device">Where training takes place.</param>
internal sealed class AnnealedPenalty(PAnnealOptions options, PowerSchedule schedule, Device device)
{
    private readonly Tensor _coefficient =
        tensor(options.InitialSparsityPenalty, ScalarType.Float64, device).DetachFromDisposeScope();

    /// <summary>[2, queue length]: penalties at p and at the next p, the newest last.</summary>
    private readonly Tensor _queue = zeros(2, options.SparsityQueueLength, device: device).DetachFromDisposeScope();

    /// <summary>What the penalty of later steps depends on.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State => [("sparsity_coeff", _coefficient), ("lp_losses", _queue)];

    /// <summary>p, the next p once it is known, and the coefficient, as they are for the next step.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> Readings { get; private set; } = [];

    /// <summary>The penalty of a batch, and the same times coefficient and warm-up.</summary>
    /// <param name="latents">[rows, n], not negative.</param>
    /// <param name="step">The step.</param>
    public (Tensor Norm, Tensor Scaled) Of(Tensor latents, long step)
    {
        PowerSchedule.Powers now = schedule.At(step);
        Tensor norm = Norm(latents, now.Power);
        double share = new CoefficientWarmUp(1, options.SparsityWarmupSteps).At(step);
        Tensor scaled = norm * _coefficient.mul(share).to(ScalarType.Float32);
        using var noGradient = no_grad();
        if (now.Next is float next)
        {
            Push(norm.detach(), Norm(latents.detach(), next));
            if (schedule.ChangesAt(step))
            {
                Rescale(schedule.KnownFor(step));
            }
        }

        Report(schedule.At(step + 1));
        return (norm, scaled);
    }

    private Tensor Norm(Tensor latents, float power)
    {
        Tensor sums = latents.pow((double)power).sum(-1);
        return (options.SparsityFunction == SparsityFunction.Lp ? sums.pow(1 / (double)power) : sums).mean();
    }

    private void Push(Tensor now, Tensor next)
    {
        using var scope = NewDisposeScope();
        Tensor older = _queue.narrow(1, 1, options.SparsityQueueLength - 1);
        _queue.copy_(cat([older, stack([now, next]).unsqueeze(1)], 1));
    }

    private void Rescale(long known)
    {
        using var scope = NewDisposeScope();
        int count = (int)Math.Min(known, options.SparsityQueueLength);
        Tensor means = _queue.narrow(1, options.SparsityQueueLength - count, count).mean([1]);
        _coefficient.mul_((means[0] / means[1]).to(ScalarType.Float64));
    }

    private void Report(PowerSchedule.Powers powers)
    {
        List<(string, Tensor)> readings = [("p", tensor(powers.Power)), ("sparsity_coeff", _coefficient.clone())];
        if (powers.Next is float next)
        {
            readings.Add(("next_p", tensor(next)));
        }

        Readings = readings;
    }
}
