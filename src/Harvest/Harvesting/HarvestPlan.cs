using Workbench.Text.Windows;

namespace Workbench.Harvest.Harvesting;

/// <summary>
/// The sequences of a harvest. Windows without a position to keep are passed over; the last window is cut where the wanted number
/// of rows is reached, so a harvest has exactly that many unless the corpus ends before.
/// </summary>
internal sealed class HarvestPlan(TextWindows windows, PositionFilter filter, long rows)
{
    private const int BatchesAhead = 2;

    /// <summary>The sequences in batches, of which the next are cut while one is computed.</summary>
    public IEnumerable<HarvestSequence[]> Batches(int sequences)
    {
        return ReadAhead.Of(Sequences().Chunk(sequences), BatchesAhead);
    }

    public IEnumerable<HarvestSequence> Sequences()
    {
        long index = 0;
        long row = 0;
        foreach (TextWindow window in windows.All())
        {
            int[] kept = filter.Kept(window.Tokens);
            if (kept.Length == 0)
            {
                continue;
            }

            var sequence = new HarvestSequence(index, window.Parts, window.Tokens, row, kept);
            if (sequence.EndRow >= rows)
            {
                yield return Cut(sequence, (int)(rows - row));
                yield break;
            }

            yield return sequence;
            index++;
            row = sequence.EndRow;
        }
    }

    private static HarvestSequence Cut(HarvestSequence sequence, int rows)
    {
        if (rows == sequence.Rows)
        {
            return sequence;
        }

        int end = sequence.Kept[rows - 1] + 1;
        return sequence with
        {
            Parts = [.. sequence.Parts.Where(part => part.Start < end)],
            Tokens = sequence.Tokens[..end],
            Kept = sequence.Kept[..rows],
        };
    }
}
