using System.Numerics.Tensors;

namespace Workbench.Dictionaries;

/// <summary>
/// Finds the largest positive pre-activations of rows when the encoder product is in bfloat16: the product proposes half as
/// many candidates again as are needed, and the candidates' values are computed again in float32. One instance serves one thread.
/// </summary>
public sealed unsafe class ScreenedEntries
{
    private readonly LargestEntries _candidates;
    private readonly LargestEntries _exact;
    private readonly float[] _values;
    private readonly int[] _indices;
    private readonly float* _encoderRows;
    private readonly float* _encoderBias;

    /// <summary>Prepares buffers.</summary>
    /// <param name="k">Most entries chosen of a row.</param>
    /// <param name="latents">Number of latents, n.</param>
    /// <param name="encoderRows">The encoder [n, width], which outlives this object.</param>
    /// <param name="encoderBias">The encoder's bias [n], which outlives this object.</param>
    public ScreenedEntries(int k, int latents, float* encoderRows, float* encoderBias)
    {
        int candidates = Math.Min(latents, k + (k / 2) + 8);
        _candidates = new LargestEntries(candidates);
        _exact = new LargestEntries(k);
        _values = new float[candidates];
        _indices = new int[k];
        _encoderRows = encoderRows;
        _encoderBias = encoderBias;
    }

    /// <summary>Chosen columns, ascending; valid until the next choice.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, _exact.Indices.Length);

    /// <summary>Chosen values in float32, in the order of <see cref="Indices"/>.</summary>
    public ReadOnlySpan<float> Values => _exact.Values;

    /// <summary>Chooses the k largest positive entries of a row.</summary>
    /// <param name="pre">The row of the product, by its bfloat16 bits.</param>
    /// <param name="x">The row [width] that was encoded.</param>
    public void Choose(ReadOnlySpan<ushort> pre, ReadOnlySpan<float> x)
    {
        _candidates.Choose(pre);
        ReadOnlySpan<int> latents = _candidates.Indices;
        for (int i = 0; i < latents.Length; i++)
        {
            var row = new ReadOnlySpan<float>(_encoderRows + ((long)latents[i] * x.Length), x.Length);
            _values[i] = TensorPrimitives.Dot(x, row) + _encoderBias[latents[i]];
        }

        _exact.Choose(_values.AsSpan(0, latents.Length));
        for (int i = 0; i < _exact.Indices.Length; i++)
        {
            _indices[i] = latents[_exact.Indices[i]];
        }
    }
}
