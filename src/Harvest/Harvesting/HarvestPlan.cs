using Workbench.Text.Corpora;

namespace Workbench.Harvest.Harvesting;

/// <summary>
/// The sequences of a harvest. Windows without a position to keep are passed over; the last window is cut where the wanted number
/// of rows is reached, so a harvest has exactly that many unless the corpus ends before.
/// </summary>
internal sealed class HarvestPlan(TextWindows windows, long rows, int keptFrom)
{
    public IEnumerable<HarvestSequence> Sequences()
    {
        long index = 0;
        long row = 0;
        foreach (TextWindow window in windows.All())
        {
            int kept = (int)Math.Min(window.Tokens.Length - keptFrom, rows - row);
            if (kept <= 0)
            {
                continue;
            }

            yield return new HarvestSequence(index, window.Document, window.Tokens[..(keptFrom + kept)], row, keptFrom);
            index++;
            row += kept;
            if (row == rows)
            {
                yield break;
            }
        }
    }
}
