using TorchSharp;
using Workbench.Models.Kernels;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models;

/// <summary>
/// The residual stream of a pass, float32 [rows, width]. What a sub-block adds is held back until the stream is next read, because
/// the norm that usually reads it can add in the same pass over memory.
/// </summary>
internal sealed class ResidualStream(ForwardPass pass, Tensor values, double epsilon)
{
    private Tensor? _pending;

    /// <summary>The stream, everything added.</summary>
    public Tensor Values
    {
        get
        {
            if (_pending is not null)
            {
                _ = values.add_(_pending);
                _pending = null;
            }

            return values;
        }
    }

    /// <summary>Adds what a sub-block computed, or what its hooks put in its place.</summary>
    /// <param name="point">Hook on the addend.</param>
    /// <param name="added">[rows, width]; must outlive the pass, and stay as it is until the stream is next read.</param>
    /// <returns>Whether the pass goes on.</returns>
    public bool Add(HookPoint point, Tensor added)
    {
        _ = Values;
        if (pass.Apply(point, added) is Tensor replaced)
        {
            _ = values.add_(replaced);
        }
        else
        {
            _pending = added;
        }

        return !pass.Done;
    }

    /// <summary>Runs the hooks of a point of the stream itself.</summary>
    /// <returns>Whether the pass goes on.</returns>
    public bool Pass(HookPoint point)
    {
        if (pass.Wants(point) && pass.Apply(point, Values) is Tensor replaced)
        {
            _ = values.copy_(replaced);
        }

        return !pass.Done;
    }

    /// <summary>Writes the normalised stream, running the hooks on what the norm reads and on its value before the weight.</summary>
    /// <param name="weight">float32 [width].</param>
    /// <param name="target">float32 or bfloat16 [rows, width].</param>
    /// <param name="input">Hook on the input, whose edits leave the stream alone; null for none.</param>
    /// <param name="normalized">Hook on the value before the weight.</param>
    /// <returns>Whether the pass goes on.</returns>
    public bool Normalise(Tensor weight, Tensor target, HookPoint? input, HookPoint normalized)
    {
        Tensor? branch = input is HookPoint read && pass.Wants(read) ? pass.Apply(read, Values) : null;
        if (pass.Done)
        {
            return false;
        }

        // The kernel adds what has the target's type; an edit of another type goes in first.
        Tensor? added = branch is null && _pending?.dtype == target.dtype ? _pending : null;
        Tensor source = branch?.contiguous() ?? (added is null ? Values : values);
        if (!pass.Wants(normalized))
        {
            NormKernel.Apply(source, added, weight, epsilon, target);
            _pending = added is null ? _pending : null;
            return true;
        }

        Tensor plain = empty_like(values);
        NormKernel.Apply(branch ?? Values, null, null, epsilon, plain);
        Tensor edited = pass.Apply(normalized, plain) ?? plain;
        _ = target.copy_(edited * weight);
        return !pass.Done;
    }
}
