using Workbench.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

/// <summary>Hook points whose activations of one token stand side by side, [..., sum of widths], in a fixed order.</summary>
public sealed class JoinedHooks
{
    private readonly long[] _offsets;

    /// <summary>Hook points in the order of their activations.</summary>
    /// <param name="points">At least one.</param>
    /// <param name="widths">Features of an activation at each.</param>
    public JoinedHooks(IReadOnlyList<HookPoint> points, IReadOnlyList<int> widths)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(widths);
        ArgumentOutOfRangeException.ThrowIfZero(points.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(widths.Count, points.Count);
        (Points, Widths, Width) = (points, widths, widths.Sum());
        _offsets = [.. widths.Select((_, hook) => widths.Take(hook).Sum(width => (long)width))];
    }

    /// <summary>The hook points.</summary>
    public IReadOnlyList<HookPoint> Points { get; }

    /// <summary>Features of an activation at each.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>Number of hook points.</summary>
    public int Count => Points.Count;

    /// <summary>Features of all hook points together.</summary>
    public int Width { get; }

    /// <summary>The names, with <c>+</c> between them.</summary>
    public string Name => string.Join(" + ", Points.Select(point => point.Name));

    /// <summary>The features of one hook point.</summary>
    /// <param name="joined">[..., sum of widths].</param>
    /// <param name="hook">Index into <see cref="Points"/>.</param>
    /// <returns>A view [..., width].</returns>
    public Tensor Part(Tensor joined, int hook)
    {
        ArgumentNullException.ThrowIfNull(joined);
        return joined.narrow(-1, _offsets[hook], Widths[hook]);
    }

    /// <summary>The activations of all hook points side by side; of a single one they are returned as they are.</summary>
    /// <param name="parts">One tensor [..., width] a hook point.</param>
    /// <returns>[..., sum of widths].</returns>
    public Tensor Join(IReadOnlyList<Tensor> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfNotEqual(parts.Count, Count);
        return Count == 1 ? parts[0] : cat([.. parts], -1);
    }
}
