using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models;

/// <summary>Keeps the values that forward passes have at some hook points: each pass' values take the place of those before.</summary>
public sealed class HookCapture : IDisposable
{
    private readonly Dictionary<HookPoint, Tensor> _values = [];

    /// <summary>Prepares to read at hook points.</summary>
    /// <param name="points">Where; one named twice is read once.</param>
    public HookCapture(IEnumerable<HookPoint> points)
    {
        Hooks = [.. points.Distinct().Select(point => new Hook(point, (value, _) => Keep(point, value)))];
    }

    /// <summary>What to give to <see cref="LanguageModel.Forward"/>; they leave every value as it is.</summary>
    public IReadOnlyList<Hook> Hooks { get; }

    /// <summary>The value at a hook point in the last pass, float32 [batch, seq, width]; this object's.</summary>
    public Tensor this[HookPoint point] => _values[point];

    /// <summary>Releases the values.</summary>
    public void Dispose()
    {
        foreach (Tensor value in _values.Values)
        {
            value.Dispose();
        }

        _values.Clear();
    }

    private Tensor? Keep(HookPoint point, Tensor value)
    {
        if (_values.Remove(point, out Tensor? before))
        {
            before.Dispose();
        }

        _values[point] = value.DetachFromDisposeScope();
        return null;
    }
}
