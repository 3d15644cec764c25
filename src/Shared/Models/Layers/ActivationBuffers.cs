using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>
/// Memory of a forward pass, kept from call to call: the first touch of fresh pages costs more than the arithmetic on them.
/// </summary>
internal sealed class ActivationBuffers(Device device) : IDisposable
{
    private readonly Dictionary<(string Name, ScalarType Type), Tensor> _held = [];

    /// <summary>A contiguous [rows, width] view, with whatever was left in it; it belongs to the caller's dispose scope.</summary>
    public Tensor Get(string name, int rows, int width, ScalarType type)
    {
        if (!_held.TryGetValue((name, type), out Tensor? held) || held.shape[0] < rows || held.shape[1] != width)
        {
            held?.Dispose();
            _held[(name, type)] = held = zeros(rows, width, type, device).DetachFromDisposeScope();
        }

        return held.narrow(0, 0, rows);
    }

    /// <summary>One-dimensional memory of at least so many elements, with whatever was left in it; it belongs to the buffers.</summary>
    public Tensor AtLeast(string name, long elements, ScalarType type)
    {
        if (!_held.TryGetValue((name, type), out Tensor? held) || held.numel() < elements)
        {
            held?.Dispose();
            _held[(name, type)] = held = zeros(elements, type, device).DetachFromDisposeScope();
        }

        return held;
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _held.Values)
        {
            tensor.Dispose();
        }

        _held.Clear();
    }
}
