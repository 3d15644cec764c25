namespace Workbench.Dictionaries;

/// <summary>Gathers rows that several threads finish in any order.</summary>
internal sealed class SparseCodeBuilder
{
    private readonly int _latents;
    private readonly int[][] _indices;
    private readonly float[][] _values;

    public SparseCodeBuilder(int latents, int rows)
    {
        _latents = latents;
        _indices = new int[rows][];
        _values = new float[rows][];
    }

    public void Set(int row, ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
    {
        _indices[row] = indices.ToArray();
        _values[row] = values.ToArray();
    }

    public SparseCode Build()
    {
        long[] offsets = new long[_indices.Length + 1];
        for (int row = 0; row < _indices.Length; row++)
        {
            offsets[row + 1] = offsets[row] + _indices[row].Length;
        }

        int[] indices = new int[offsets[^1]];
        float[] values = new float[offsets[^1]];
        for (int row = 0; row < _indices.Length; row++)
        {
            _indices[row].CopyTo(indices, offsets[row]);
            _values[row].CopyTo(values, offsets[row]);
        }

        return new SparseCode(_latents, offsets, indices, values);
    }
}
