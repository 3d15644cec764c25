using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training.Optimization;

/// <summary>
/// Schedule-free sign descent (Defazio et al. 2024, schedulefree 1.4.1 around a sign step): a sequence z takes the steps, x is its
/// weighted mean, and gradients are taken at <c>y = m x + (1 - m) z</c>, which is what the parameters hold. Inference uses x.
/// </summary>
/// <remarks>
/// A step: <c>x = y + (1 - 1/m)(z - y)</c>; <c>z -= rate sign(gradient)</c>; with w the square of the largest rate so far and W the
/// sum of all w, <c>x += (w / W)(z - x)</c>; <c>y = x + (1 - m)(z - x)</c>. z is a copy of y at the first step.
/// </remarks>
/// <param name="parameters">The weights, y.</param>
/// <param name="momentum">m, above 0.</param>
internal sealed class ScheduleFreeSign(ParameterSet parameters, double momentum) : IOptimizer
{
    private readonly Tensor[] _steps = [.. parameters.All.Select(parameter => zeros_like(parameter.Value).detach().DetachFromDisposeScope())];

    /// <summary>[2], float64: the largest rate so far, and W.</summary>
    private readonly Tensor _averaging = zeros(2, ScalarType.Float64, parameters.Device).DetachFromDisposeScope();

    public long Steps { get; set; }

    public IReadOnlyList<(string Name, Tensor Value)> State =>
        [.. parameters.All.Select((parameter, i) => ($"z.{parameter.Name}", _steps[i])), ("averaging", _averaging)];

    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor share = Share(learningRate);
        for (int i = 0; i < parameters.All.Count; i++)
        {
            using var inner = NewDisposeScope();
            Tensor y = parameters.All[i].Value;
            Tensor z = _steps[i];
            if (Steps == 0)
            {
                z.copy_(y);
            }

            Tensor x = Average(y, z);
            if (y.grad is not null)
            {
                z.sub_(y.grad.sign().mul_(learningRate));
            }

            x.add_((z - x).mul_(share));
            y.copy_(z.sub(x).mul_(1 - momentum).add_(x));
        }

        Steps++;
    }

    public void Forget(string parameter, Tensor rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        int i = parameters.All.Select(p => p.Name).ToList().IndexOf(parameter);
        _steps[i].index_copy_(0, rows, parameters[parameter].index_select(0, rows));
    }

    public Tensor ForInference(string parameter)
    {
        if (Steps == 0)
        {
            return parameters[parameter];
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        int i = parameters.All.Select(p => p.Name).ToList().IndexOf(parameter);
        return Average(parameters[parameter], _steps[i]).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach ((_, Tensor value) in State)
        {
            value.Dispose();
        }
    }

    /// <summary>w / W of a step, 0 where all rates were 0.</summary>
    private Tensor Share(double learningRate)
    {
        Tensor largest = _averaging[0];
        Tensor sum = _averaging[1];
        largest.clamp_min_(learningRate);
        Tensor weight = largest.square();
        sum.add_(weight);
        return (weight / sum).nan_to_num(0);
    }

    private Tensor Average(Tensor y, Tensor z)
    {
        return z.sub(y).mul_(1 - (1 / momentum)).add_(y);
    }
}
