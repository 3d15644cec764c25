using TorchSharp;
using Workbench.Models.Kernels.Products;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>
/// The residual stream of a pass, float32 [rows, width]. What a sub-block adds is held back until the stream is next read, because
/// the norm that usually reads it can add in the same pass over memory.
/// </summary>
internal sealed class ResidualStream(ForwardPass pass, Tensor values)
{
    private Tensor? _pending;

    /// <summary>Width of the stream.</summary>
    public int Width { get; } = (int)values.shape[1];

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

    /// <summary>Adds at once.</summary>
    public void Add(Tensor added)
    {
        _ = Values.add_(added);
    }

    /// <summary>Adds what a sub-block computed, or what its hooks put in its place.</summary>
    /// <param name="point">Hook on the addend.</param>
    /// <param name="added">[rows, width]; must outlive the pass, and stay as it is until the stream is next read.</param>
    /// <returns>Whether the pass goes on.</returns>
    public bool Add(HookPoint point, Tensor added)
    {
        if (pass.Apply(point, added) is Tensor replaced)
        {
            Add(replaced);
        }
        else
        {
            Hold(added);
        }

        return !pass.Done;
    }

    /// <summary>Adds when the stream is next read.</summary>
    /// <param name="added">[rows, width]; must outlive the pass, and stay as it is until then.</param>
    public void Hold(Tensor added)
    {
        _ = Values;
        _pending = added;
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

    /// <summary>Writes what a sub-block reads: the stream through its norm, running the hooks on the norm's input and on its value before the weight.</summary>
    /// <param name="norm">The norm; null where the stream is read as it is, and then nothing is there to be hooked as normalised.</param>
    /// <param name="target">float32 or bfloat16 [rows, width].</param>
    /// <param name="input">Hook on the input, whose edits leave the stream alone; null for none.</param>
    /// <param name="normalized">Hook on the value before the weight.</param>
    /// <returns>Whether the pass goes on.</returns>
    public bool Read(Norm? norm, Tensor target, HookPoint? input, HookPoint normalized)
    {
        Tensor? branch = input is HookPoint read && pass.Wants(read) ? pass.Apply(read, Values)?.contiguous() : null;
        if (pass.Done)
        {
            return false;
        }

        if (norm is null)
        {
            _ = target.copy_(branch ?? Values);
            return true;
        }

        if (pass.Wants(normalized))
        {
            Tensor plain = empty_like(values);
            norm.Normalise(branch ?? Values, plain);
            _ = target.copy_(norm.Affine(pass.Apply(normalized, plain) ?? plain));
            return !pass.Done;
        }

        if (branch is null)
        {
            Normalise(norm, target);
        }
        else
        {
            norm.Apply(branch, null, target);
        }

        return true;
    }

    /// <summary>What a sub-block's first product reads, computed where the product needs it unless a hook wants it before.</summary>
    /// <returns>Null where the pass does not go on.</returns>
    public ProductRows? Read(Norm? norm, PassBuffers buffers, HookPoint? input, HookPoint normalized)
    {
        if (norm is not null && !pass.Wants(normalized) && !(input is HookPoint read && pass.Wants(read)))
        {
            return new NormedRows(this, norm, buffers);
        }

        Tensor target = buffers.Get("normed", Width);
        return Read(norm, target, input, normalized) ? new TensorRows(target) : null;
    }

    /// <summary>Writes the norm of the stream.</summary>
    public void Normalise(Norm norm, Tensor target)
    {
        // The kernels add what has the target's type; an edit of another type goes in first.
        Tensor? added = _pending?.dtype == target.dtype ? _pending : null;
        norm.Apply(added is null ? Values : values, added, target);
        _pending = added is null ? _pending : null;
    }
}
