using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models;

/// <summary>One call of <see cref="LanguageModel.Forward"/>: its input, and the hooks met on the way.</summary>
internal sealed class ForwardPass
{
    private readonly Dictionary<HookPoint, List<Hook>> _hooks = [];
    private readonly long _lastOrder = long.MinValue;
    private readonly bool _stopAtLastHook;

    public ForwardPass(Tensor tokens, IReadOnlyList<Hook> hooks, bool stopAtLastHook, KvCache? cache, Tensor? mask, LogitPositions logits)
    {
        Tokens = tokens;
        Batch = (int)tokens.shape[0];
        Length = (int)tokens.shape[1];
        Cache = cache;
        FirstPosition = cache?.Length ?? 0;
        Mask = mask;
        Logits = logits;
        _stopAtLastHook = stopAtLastHook;
        foreach (Hook hook in hooks)
        {
            if (!_hooks.TryGetValue(hook.Point, out List<Hook>? here))
            {
                _hooks[hook.Point] = here = [];
            }

            here.Add(hook);
            _lastOrder = Math.Max(_lastOrder, hook.Point.Order);
        }
    }

    public Tensor Tokens { get; }

    public int Batch { get; }

    public int Length { get; }

    public int Rows => Batch * Length;

    public KvCache? Cache { get; }

    public int FirstPosition { get; }

    public Tensor? Mask { get; }

    public LogitPositions Logits { get; }

    /// <summary>Whether the last hook has run and nothing after it is wanted.</summary>
    public bool Done { get; private set; }

    public bool Wants(HookPoint point)
    {
        return _hooks.ContainsKey(point);
    }

    /// <summary>
    /// Runs the hooks at a point on <paramref name="value"/>, whose elements are [batch, seq, width] in that order whatever its
    /// shape, and returns the value that takes its place, of the same shape, or null when no hook changed it.
    /// </summary>
    public Tensor? Apply(HookPoint point, Tensor value)
    {
        if (!_hooks.TryGetValue(point, out List<Hook>? hooks))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        Tensor? replaced = null;
        long[] shape = [Batch, Length, value.numel() / Rows];
        foreach (Hook hook in hooks)
        {
            Tensor given = (replaced ?? value).reshape(shape).to(ScalarType.Float32, copy: true);
            Tensor? result = hook.Action(given, new HookContext(point, FirstPosition, Mask));
            if (result is not null && !result.shape.SequenceEqual(shape))
            {
                throw new InvalidOperationException(
                    $"A hook at {point} returned shape [{string.Join(", ", result.shape)}] for a value of shape [{string.Join(", ", shape)}].");
            }

            replaced = result ?? replaced;
        }

        Done = _stopAtLastHook && point.Order == _lastOrder;
        return replaced?.reshape(value.shape).MoveToOuterDisposeScope();
    }
}
