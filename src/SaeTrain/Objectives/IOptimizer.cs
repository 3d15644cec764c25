using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>Turns gradients into updates of the weights.</summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>Updates done.</summary>
    long Steps { get; set; }

    /// <summary>What later updates depend on besides the weights and the number of steps. Changed in place.</summary>
    IReadOnlyList<(string Name, Tensor Value)> State { get; }

    /// <summary>Updates every weight by its gradient.</summary>
    void Step(double learningRate);

    /// <summary>Forgets what is known of some rows of a weight, after they were set anew.</summary>
    /// <param name="parameter">The weight's name.</param>
    /// <param name="rows">int64 [m].</param>
    void Forget(string parameter, Tensor rows);

    /// <summary>A weight as inference should use it. The tensor stays the optimiser's, or the caller's dispose scope's.</summary>
    Tensor ForInference(string parameter);
}
