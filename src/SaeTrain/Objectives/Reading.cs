using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>A number of the present step that the host knows, kept as a tensor for the report.</summary>
internal sealed class Reading : IDisposable
{
    /// <summary>The number, a float64 scalar on the CPU.</summary>
    public Tensor Value { get; } = zeros([], ScalarType.Float64).DetachFromDisposeScope();

    /// <summary>Sets the number and returns it.</summary>
    public double Set(double number)
    {
        Value.fill_(number);
        return number;
    }

    public void Dispose()
    {
        Value.Dispose();
    }
}
