using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models;

/// <summary>Keys and values of the tokens that a model has already read, so that the next token costs one column only.</summary>
/// <remarks>Stored as float32 [batch, heads, capacity, head_dim] per layer, so that a head's keys follow each other; grows by doubling.</remarks>
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
        int added = (int)keys.shape[1];
        (Tensor heldKeys, Tensor heldValues) = Reserve(layer, (int)keys.shape[0], (int)keys.shape[2], (int)keys.shape[3], added, keys.device);
        return (Store(heldKeys, keys), Store(heldValues, values));

        Tensor Store(Tensor held, Tensor given)
        {
            held.narrow(2, Length, added).copy_(given.transpose(1, 2));
            return held.narrow(2, 0, Length + added).transpose(1, 2);
        }
    }

    /// <summary>
    /// A layer's whole memory, [batch, heads, capacity, head_dim] each, with room for more tokens after <see cref="Length"/>. It belongs to
    /// the cache, and moves when it grows.
    /// </summary>
    internal (Tensor Keys, Tensor Values) Reserve(int layer, int batch, int heads, int width, int tokens, Device device)
    {
        while (_capacity < Length + tokens)
        {
            _capacity *= 2;
        }

        return (Reserve(ref _keys[layer]), Reserve(ref _values[layer]));

        Tensor Reserve(ref Tensor? held)
        {
            if (held is not null && held.shape[0] != batch)
            {
                throw new WorkbenchException($"The cache holds {held.shape[0]} sequences but {batch} were given; use one cache for one batch.");
            }

            if (held is null || held.shape[2] < Length + tokens)
            {
                Tensor grown = empty([batch, heads, _capacity, width], ScalarType.Float32, device).DetachFromDisposeScope();
                if (held is not null && Length > 0)
                {
                    grown.narrow(2, 0, Length).copy_(held.narrow(2, 0, Length));
                }

                held?.Dispose();
                held = grown;
            }

            return held;
        }
    }

    internal void Advance(int tokens)
    {
        Length += tokens;
    }
}
