using Workbench.Features;

namespace Workbench.SaeTrain.Indexing;

/// <summary>
/// The latents of a range that are on in one sequence, each with its peak; the earliest position where several are equal. Ranges
/// are independent of each other, so that several threads can each take one.
/// </summary>
internal sealed class SequencePeaks(int firstLatent, int endLatent)
{
    private readonly float[] _peaks = new float[endLatent - firstLatent];
    private readonly int[] _positions = new int[endLatent - firstLatent];
    private readonly int[] _touched = new int[endLatent - firstLatent];
    private int[] _starts = [];
    private int[] _ends = [];
    private int _count;

    /// <summary>The latents that are on, in no particular order.</summary>
    public ReadOnlySpan<int> Latents => _touched.AsSpan(0, _count);

    /// <summary>Cuts latents into as many ranges as there are processors.</summary>
    public static SequencePeaks[] Ranges(int latents)
    {
        int parts = Math.Clamp(Environment.ProcessorCount, 1, latents);
        return [.. Enumerable.Range(0, parts).Select(part => new SequencePeaks((int)((long)latents * part / parts), (int)((long)latents * (part + 1) / parts)))];
    }

    public float Peak(int latent)
    {
        return _peaks[latent - firstLatent];
    }

    public int Position(int latent)
    {
        return _positions[latent - firstLatent];
    }

    /// <summary>Finds the range's entries in every row of a block; <see cref="Entries"/> and <see cref="Read"/> take them from there.</summary>
    public void Enter(CodeBlock block)
    {
        if (_starts.Length < block.Rows)
        {
            (_starts, _ends) = (new int[block.Rows], new int[block.Rows]);
        }

        ReadOnlySpan<int> offsets = block.Offsets;
        ReadOnlySpan<int> latents = block.Latents;
        for (int row = 0; row < block.Rows; row++)
        {
            ReadOnlySpan<int> entries = latents[offsets[row]..offsets[row + 1]];
            _starts[row] = offsets[row] + FirstFrom(entries, firstLatent);
            _ends[row] = offsets[row] + FirstFrom(entries, endLatent);
        }
    }

    /// <summary>The range's entries in a row of the block.</summary>
    public Range Entries(int row)
    {
        return _starts[row].._ends[row];
    }

    /// <summary>Reads the sequence that begins at a row of the block, and gives the row after its last.</summary>
    public int Read(CodeBlock block, int firstRow)
    {
        foreach (int latent in Latents)
        {
            _peaks[latent - firstLatent] = 0;
        }

        _count = 0;
        ReadOnlySpan<long> sequences = block.Sequences;
        ReadOnlySpan<int> positions = block.Positions;
        ReadOnlySpan<int> entries = block.Latents;
        ReadOnlySpan<float> values = block.Values;
        int row = firstRow;
        for (; row < sequences.Length && sequences[row] == sequences[firstRow]; row++)
        {
            for (int i = _starts[row]; i < _ends[row]; i++)
            {
                int at = entries[i] - firstLatent;
                float before = _peaks[at];
                if (values[i] > before)
                {
                    if (before == 0)
                    {
                        _touched[_count++] = entries[i];
                    }

                    _peaks[at] = values[i];
                    _positions[at] = positions[row];
                }
            }
        }

        return row;
    }

    private static int FirstFrom(ReadOnlySpan<int> ascending, int latent)
    {
        int at = ascending.BinarySearch(latent);
        return at < 0 ? ~at : at;
    }
}
