using Workbench.Features;

namespace Workbench.SaeTrain.Indexing;

/// <summary>The latents that are on in one sequence, each with its peak; the earliest position where several are equal.</summary>
internal sealed class SequencePeaks(int latents)
{
    private readonly float[] _peaks = new float[latents];
    private readonly int[] _positions = new int[latents];
    private readonly int[] _touched = new int[latents];
    private int _count;

    /// <summary>The latents that are on, in no particular order.</summary>
    public ReadOnlySpan<int> Latents => _touched.AsSpan(0, _count);

    public float Peak(int latent)
    {
        return _peaks[latent];
    }

    public int Position(int latent)
    {
        return _positions[latent];
    }

    /// <summary>Reads the sequence that begins at a row of a block, and gives the row after its last.</summary>
    public int Read(CodeBlock block, int firstRow)
    {
        foreach (int latent in Latents)
        {
            _peaks[latent] = 0;
        }

        _count = 0;
        ReadOnlySpan<long> sequences = block.Sequences;
        ReadOnlySpan<int> positions = block.Positions;
        ReadOnlySpan<int> offsets = block.Offsets;
        ReadOnlySpan<int> entries = block.Latents;
        ReadOnlySpan<float> values = block.Values;
        int row = firstRow;
        for (; row < sequences.Length && sequences[row] == sequences[firstRow]; row++)
        {
            for (int i = offsets[row]; i < offsets[row + 1]; i++)
            {
                int latent = entries[i];
                float before = _peaks[latent];
                if (values[i] > before)
                {
                    if (before == 0)
                    {
                        _touched[_count++] = latent;
                    }

                    _peaks[latent] = values[i];
                    _positions[latent] = positions[row];
                }
            }
        }

        return row;
    }
}
