using TorchSharp;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training.Optimization;

/// <summary>Adam (Kingma and Ba 2015) with bias correction, epsilon added to the corrected root; moments are part of a run's state.</summary>
internal sealed class AdamOptimizer : IOptimizer
{
    private readonly ParameterSet _parameters;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;

    public AdamOptimizer(ParameterSet parameters, double beta1, double beta2, double epsilon)
    {
        _parameters = parameters;
        (_beta1, _beta2, _epsilon) = (beta1, beta2, epsilon);
        FirstMoments = [.. parameters.All.Select(parameter => Zeros(parameter.Value))];
        SecondMoments = [.. parameters.All.Select(parameter => Zeros(parameter.Value))];
        State =
        [
            .. parameters.All.Select((parameter, i) => ($"first_moment.{parameter.Name}", FirstMoments[i])),
            .. parameters.All.Select((parameter, i) => ($"second_moment.{parameter.Name}", SecondMoments[i])),
        ];
    }

    /// <summary>Running means of the gradients, in the order of the parameters.</summary>
    public IReadOnlyList<Tensor> FirstMoments { get; }

    /// <summary>Running means of the squared gradients, in the order of the parameters.</summary>
    public IReadOnlyList<Tensor> SecondMoments { get; }

    public IReadOnlyList<(string Name, Tensor Value)> State { get; }

    public long Steps { get; set; }

    /// <summary>The numbers of the next update, whichever kernel does it; counts it as done.</summary>
    public AdamStep Advance(double learningRate)
    {
        Steps++;
        return new AdamStep(
            (float)_beta1,
            (float)_beta2,
            (float)(1 - _beta1),
            (float)(1 - _beta2),
            (float)(learningRate / (1 - Math.Pow(_beta1, Steps))),
            (float)Math.Sqrt(1 - Math.Pow(_beta2, Steps)),
            (float)_epsilon);
    }

    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        AdamStep step = Advance(learningRate);
        for (int i = 0; i < _parameters.All.Count; i++)
        {
            using var scope = NewDisposeScope();
            Tensor weights = _parameters.All[i].Value;
            Tensor gradient = weights.grad ?? zeros_like(weights);
            if (weights.device_type == DeviceType.CPU)
            {
                CpuAdam.Update(weights.detach(), gradient.contiguous(), FirstMoments[i], SecondMoments[i], step);
            }
            else
            {
                Update(weights, gradient, FirstMoments[i], SecondMoments[i], step);
            }
        }
    }

    public void Forget(string parameter, Tensor rows)
    {
        using var noGradient = no_grad();
        int i = _parameters.All.Select(p => p.Name).ToList().IndexOf(parameter);
        FirstMoments[i].index_fill_(0, rows, 0);
        SecondMoments[i].index_fill_(0, rows, 0);
    }

    public Tensor ForInference(string parameter)
    {
        return _parameters[parameter];
    }

    public void Dispose()
    {
        foreach ((_, Tensor moment) in State)
        {
            moment.Dispose();
        }
    }

    /// <summary>One update by tensor operations.</summary>
    internal static void Update(Tensor weights, Tensor gradient, Tensor first, Tensor second, AdamStep step)
    {
        first.mul_(step.Beta1).add_(gradient, alpha: step.Rest1);
        second.mul_(step.Beta2).addcmul_(gradient, gradient, step.Rest2);
        weights.addcdiv_(first, (second.sqrt() / step.Root).add_(step.Epsilon), -step.StepSize);
    }

    private static Tensor Zeros(Tensor weight)
    {
        return zeros_like(weight).detach().DetachFromDisposeScope();
    }
}
