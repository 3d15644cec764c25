using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models;

/// <summary>Keys and values of the tokens that a model has already read, so that the next token costs one column only.</summary>
/// <remarks>Stored as float32 [batch, capacity, heads, head_dim] per layer; grows by doubling.</remarks>
public sealed class KvCache : IDisposable
{
    private readonly Tensor?[] _keys;
    private readonly Tensor?[] _values;
    private int _capacity;

    /// <summary>Creates an empty cache; memory is taken at the first use.</summary>
    /// <param name="layers">Blocks of the model.</param>
    /// <param name="capacity">Tokens to make room for at first.</param>
    public KvCache(int layers, int capacity = 64)
    {
        _keys = new Tensor?[layers];
        _values = new Tensor?[layers];
        _capacity = Math.Max(capacity, 1);
    }

    /// <summary>Tokens held.</summary>
    public int Length { get; private set; }

    internal int Layers => _keys.Length;

    /// <summary>Forgets everything from <paramref name="length"/> on.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = Math.Min(Length, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor? tensor in _keys.Concat(_values))
        {
            tensor?.Dispose();
        }

        Array.Clear(_keys);
        Array.Clear(_values);
        Length = 0;
    }

    /// <summary>
    /// Stores keys and values [batch, seq, heads, head_dim] of the tokens after <see cref="Length"/>, and returns views of everything
    /// up to them. <see cref="Length"/> itself moves with <see cref="Advance"/>, once every layer has stored.
    /// </summary>
    internal (Tensor Keys, Tensor Values) Store(int layer, Tensor keys, Tensor values)
    {
        int end = Length + (int)keys.shape[1];
        while (_capacity < end)
        {
            _capacity *= 2;
        }

        return (Store(ref _keys[layer], keys, end), Store(ref _values[layer], values, end));
    }

    internal void Advance(int tokens)
    {
        Length += tokens;
    }

    private Tensor Store(ref Tensor? held, Tensor added, int end)
    {
        if (held is null || held.shape[1] < end)
        {
            long[] shape = [added.shape[0], _capacity, added.shape[2], added.shape[3]];
            Tensor grown = empty(shape, ScalarType.Float32, added.device).DetachFromDisposeScope();
            if (held is not null && Length > 0)
            {
                grown.narrow(1, 0, Length).copy_(held.narrow(1, 0, Length));
            }

            held?.Dispose();
            held = grown;
        }

        if (held.shape[0] != added.shape[0])
        {
            throw new WorkbenchException($"The cache holds {held.shape[0]} sequences but {added.shape[0]} were given; use one cache for one batch.");
        }

        held.narrow(1, Length, end - Length).copy_(added);
        return held.narrow(1, 0, end);
    }
}
