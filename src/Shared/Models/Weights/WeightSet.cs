using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights;

/// <summary>Hands out a model's tensors by name and shape, and knows at the end whether any was left over.</summary>
internal sealed class WeightSet(IWeightSource source, Device device)
{
    private readonly HashSet<string> _left = [.. source.Names];

    /// <summary>Takes a tensor, float32 on the model's device; it belongs to the caller and to no dispose scope.</summary>
    /// <exception cref="WorkbenchException">It is absent or has another shape.</exception>
    public Tensor Take(string name, params long[] shape)
    {
        return Load(name, shape).DetachFromDisposeScope();
    }

    /// <summary>Takes tensors of equal width and stacks their rows.</summary>
    public Tensor TakeStacked(params (string Name, long[] Shape)[] parts)
    {
        using var scope = NewDisposeScope();
        return cat([.. parts.Select(part => Load(part.Name, part.Shape))], 0).DetachFromDisposeScope();
    }

    /// <summary>Takes a tensor and puts it into another order.</summary>
    /// <param name="name">Name.</param>
    /// <param name="arrange">Gets what is stored and returns it arranged, contiguous.</param>
    /// <param name="shape">Shape as stored.</param>
    public Tensor TakeArranged(string name, Func<Tensor, Tensor> arrange, params long[] shape)
    {
        using var scope = NewDisposeScope();
        return arrange(Load(name, shape)).DetachFromDisposeScope();
    }

    /// <summary>Number type of a tensor in the file; float32 where the file lacks it.</summary>
    public ScalarType StoredType(string name)
    {
        return Has(name) ? source.StoredType(name) : ScalarType.Float32;
    }

    /// <summary>Whether the file still holds a tensor that nobody took.</summary>
    public bool Has(string name)
    {
        return _left.Contains(name);
    }

    /// <summary>Leaves out a tensor that carries nothing, such as the mask of an old file, where there is one.</summary>
    public void Ignore(string name)
    {
        _ = _left.Remove(name);
    }

    /// <summary>Refuses a file with tensors that the architecture has no place for.</summary>
    public void Finish()
    {
        if (_left.Count > 0)
        {
            throw new WorkbenchException(
                $"{source.Path} holds {_left.Count:N0} tensor(s) that the architecture does not know, first '{_left.Order(StringComparer.Ordinal).First()}'; the config names another architecture or the file is a variant.");
        }
    }

    private Tensor Load(string name, long[] shape)
    {
        if (!_left.Remove(name))
        {
            throw new WorkbenchException($"{source.Path} lacks tensor '{name}' of shape [{string.Join(", ", shape)}]; the file does not belong to its config.");
        }

        long[] found = source.Shape(name);
        if (!found.SequenceEqual(shape))
        {
            throw new WorkbenchException(
                $"{source.Path}: tensor '{name}' should have shape [{string.Join(", ", shape)}] by the config, but has [{string.Join(", ", found)}].");
        }

        Tensor stored = source.Load(name);
        if (device.type == DeviceType.CPU)
        {
            return stored;
        }

        using (stored)
        {
            return stored.to(device);
        }
    }
}
