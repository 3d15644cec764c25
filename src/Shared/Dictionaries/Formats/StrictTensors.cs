using TorchSharp;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries.Formats;

/// <summary>Takes tensors out of a weights file one by one and refuses what is left, misshapen or not finite.</summary>
internal sealed class StrictTensors
{
    private readonly IStoredTensors _file;
    private readonly string _architecture;
    private readonly Device _device;
    private readonly HashSet<string> _rest;

    /// <param name="file">The tensors.</param>
    /// <param name="architecture">What the file is, for messages.</param>
    /// <param name="device">Where weights go.</param>
    public StrictTensors(IStoredTensors file, string architecture, Device device)
    {
        _file = file;
        _architecture = architecture;
        _device = device;
        _rest = [.. file.Names];
    }

    public string Path => _file.Path;

    public bool Contains(string name)
    {
        return _rest.Contains(name);
    }

    /// <summary>Sizes of a tensor that is expected to have so many axes.</summary>
    public long[] Shape(string name, int axes)
    {
        long[] shape = _file.Shape(Present(name, "a tensor"));
        return shape.Length == axes
            ? shape
            : throw new WorkbenchException($"{_file.Path}: tensor '{name}' has shape [{string.Join(", ", shape)}], where {axes} axes were expected.");
    }

    /// <summary>A weight in float32 on the device.</summary>
    public Tensor Take(string name, params long[] shape)
    {
        Present(name, $"tensor of shape [{string.Join(", ", shape)}]");
        _rest.Remove(name);
        long[] found = _file.Shape(name);
        if (!found.SequenceEqual(shape))
        {
            throw new WorkbenchException(
                $"{_file.Path}: tensor '{name}' has shape [{string.Join(", ", found)}], where [{string.Join(", ", shape)}] was expected by the sizes in its configuration.");
        }

        if (_file.Type(name) is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16))
        {
            throw new WorkbenchException($"{_file.Path}: tensor '{name}' is stored as {_file.Type(name)}, where a floating-point type was expected.");
        }

        Tensor tensor = _file.Read(name).to(ScalarType.Float32, _device, copy: true);
        RefuseNonFinite(name, tensor);
        return tensor;
    }

    /// <summary>Such a weight, or null where the file has none of this name.</summary>
    public Tensor? TakeIfPresent(string name, params long[] shape)
    {
        return Contains(name) ? Take(name, shape) : null;
    }

    /// <summary>A single number of any type.</summary>
    public double TakeNumber(string name)
    {
        return TakeNumbers(name, 1)[0];
    }

    /// <summary>A few numbers of any type.</summary>
    /// <param name="name">Name of the tensor, of one axis or none.</param>
    /// <param name="most">Most numbers that are expected.</param>
    public double[] TakeNumbers(string name, int most)
    {
        Present(name, "a number");
        _rest.Remove(name);
        long[] shape = _file.Shape(name);
        if (shape.Length > 1 || (shape.Length == 1 && (shape[0] > most || shape[0] < 1)))
        {
            throw new WorkbenchException($"{_file.Path}: tensor '{name}' has shape [{string.Join(", ", shape)}], where at most {most} numbers were expected.");
        }

        using var scope = NewDisposeScope();
        double[] values = _file.Read(name).to(ScalarType.Float64).flatten().data<double>().ToArray();
        return values.All(double.IsFinite)
            ? values
            : throw new WorkbenchException($"{_file.Path}: tensor '{name}' holds {values.First(value => !double.IsFinite(value))}, where a finite number was expected.");
    }

    /// <summary>Leaves a tensor that inference does not need unread.</summary>
    public void Ignore(string name)
    {
        _rest.Remove(name);
    }

    public void RefuseRest()
    {
        if (_rest.Count > 0)
        {
            throw new WorkbenchException($"{_file.Path} holds tensor '{_rest.Order(StringComparer.Ordinal).First()}', which {_architecture} does not have.");
        }
    }

    private string Present(string name, string what)
    {
        return _rest.Contains(name)
            ? name
            : throw new WorkbenchException($"{_file.Path} lacks '{name}', the {what} that {_architecture} needs; export the dictionary again.");
    }

    private void RefuseNonFinite(string name, Tensor tensor)
    {
        if (!tensor.isfinite().all().item<bool>())
        {
            string what = tensor.isnan().any().item<bool>() ? "NaN" : "infinite values";
            throw new WorkbenchException($"{_file.Path}: tensor '{name}' holds {what}, where finite numbers were expected; export the dictionary again.");
        }
    }
}
