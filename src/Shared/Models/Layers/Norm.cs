using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>A norm of the residual stream, with its weights.</summary>
/// <param name="weight">float32 [width], as it is multiplied.</param>
/// <param name="epsilon">Added to the mean square or the variance.</param>
internal abstract unsafe class Norm(Tensor weight, double epsilon) : IDisposable
{
    /// <summary>Factor of the normalised value, float32 [width].</summary>
    public Tensor Weight { get; } = weight.DetachFromDisposeScope();

    /// <summary>All that the norm has learned.</summary>
    public virtual IEnumerable<Tensor> Weights => [Weight];

    protected double Epsilon { get; } = epsilon;

    /// <summary>Adds in place, then writes the norm of the sum.</summary>
    /// <param name="residual">float32 [rows, width], contiguous.</param>
    /// <param name="added">[rows, width] of the target's type, or null.</param>
    /// <param name="target">float32 or bfloat16 [rows, width].</param>
    public abstract void Apply(Tensor residual, Tensor? added, Tensor target);

    /// <summary>Writes the norm of some rows in the CPU's memory.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="y">Memory for as many rows of <paramref name="type"/>.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="type">float32 or bfloat16.</param>
    public abstract void Apply(float* x, void* y, int rows, ScalarType type);

    /// <summary>Writes the normalised value before weight and bias.</summary>
    public abstract void Normalise(Tensor source, Tensor target);

    /// <summary>Applies weight and bias to a normalised value.</summary>
    public abstract Tensor Affine(Tensor normalised);

    /// <summary>What the norm does to a small change of its input, [n, width], but for the factor common to all elements.</summary>
    public abstract Tensor Linear(Tensor directions);

    public virtual void Dispose()
    {
        Weight.Dispose();
    }
}
