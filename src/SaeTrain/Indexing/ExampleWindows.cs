using Workbench.Activations;
using Workbench.Features;

namespace Workbench.SaeTrain.Indexing;

/// <summary>
/// The activations of chosen examples over their windows, read in one sweep over the codes: at a token of several rows the largest.
/// Choices of one latent and sequence share their memory.
/// </summary>
internal sealed class ExampleWindows
{
    private readonly List<ExampleChoice> _choices;
    private readonly SequenceTable _sequences;
    private readonly int[] _order;
    private readonly int[] _firstOfSequence;
    private readonly long[] _offsets;
    private readonly float[] _activations;

    /// <param name="choices">The examples by rising latent.</param>
    /// <param name="sequences">The harvest's sequences.</param>
    public ExampleWindows(List<ExampleChoice> choices, SequenceTable sequences)
    {
        _choices = choices;
        _sequences = sequences;
        (_order, _firstOfSequence) = BySequence(choices, sequences.Count);
        _offsets = new long[choices.Count];
        long length = 0;
        for (int at = 0; at < _order.Length; at++)
        {
            bool shared = at > 0 && IsSameWindow(_order[at - 1], _order[at]);
            _offsets[_order[at]] = shared ? _offsets[_order[at - 1]] : length;
            length += shared ? 0 : _sequences.Tokens(choices[_order[at]].Place.Sequence).Length;
        }

        _activations = new float[length];
    }

    /// <summary>The window of a choice, by its number; 0 where the latent is off.</summary>
    public ReadOnlySpan<float> this[int choice] =>
        _activations.AsSpan(checked((int)_offsets[choice]), _sequences.Tokens(_choices[choice].Place.Sequence).Length);

    /// <summary>Fills the windows; blocks of codes are independent, as each holds whole sequences.</summary>
    public void Read(CodeTable codes, int latents, CancellationToken cancellation)
    {
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        _ = Parallel.For(0, codes.Blocks, options, () => NoSlots(latents), (number, _, slots) =>
        {
            using CodeBlock block = codes.Read(number);
            for (int row = 0; row < block.Rows;)
            {
                row = Fill(block, row, slots);
            }

            return slots;
        }, _ => { });
    }

    private static long[] NoSlots(int latents)
    {
        long[] slots = new long[latents];
        Array.Fill(slots, -1);
        return slots;
    }

    /// <summary>A counting sort, which keeps the latents of a sequence in rising order.</summary>
    private static (int[] Order, int[] First) BySequence(List<ExampleChoice> choices, long sequences)
    {
        int[] first = new int[checked((int)sequences) + 1];
        foreach (ExampleChoice choice in choices)
        {
            first[choice.Place.Sequence + 1]++;
        }

        for (int sequence = 0; sequence < sequences; sequence++)
        {
            first[sequence + 1] += first[sequence];
        }

        int[] next = [.. first];
        int[] order = new int[choices.Count];
        for (int choice = 0; choice < order.Length; choice++)
        {
            order[next[choices[choice].Place.Sequence]++] = choice;
        }

        return (order, first);
    }

    private bool IsSameWindow(int one, int other)
    {
        return _choices[one].Latent == _choices[other].Latent && _choices[one].Place.Sequence == _choices[other].Place.Sequence;
    }

    private int Fill(CodeBlock block, int row, long[] slots)
    {
        ReadOnlySpan<long> rows = block.Sequences;
        ReadOnlySpan<int> offsets = block.Offsets;
        ReadOnlySpan<int> latents = block.Latents;
        ReadOnlySpan<int> positions = block.Positions;
        ReadOnlySpan<float> values = block.Values;
        long sequence = rows[row];
        ReadOnlySpan<int> wanted = _order.AsSpan(_firstOfSequence[sequence].._firstOfSequence[sequence + 1]);
        foreach (int choice in wanted)
        {
            slots[_choices[choice].Latent] = _offsets[choice];
        }

        for (; row < rows.Length && rows[row] == sequence; row++)
        {
            for (int i = offsets[row]; i < offsets[row + 1] && wanted.Length > 0; i++)
            {
                long slot = slots[latents[i]];
                if (slot >= 0)
                {
                    ref float kept = ref _activations[slot + positions[row]];
                    kept = MathF.MaxMagnitude(kept, values[i]);
                }
            }
        }

        foreach (int choice in wanted)
        {
            slots[_choices[choice].Latent] = -1;
        }

        return row;
    }
}
