using Workbench.Text.Corpora;
using Workbench.Text.Windows;

namespace Workbench.Harvest.Harvesting;

/// <summary>A window with its place in the harvest.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Parts">The documents it holds.</param>
/// <param name="Tokens">What the model sees.</param>
/// <param name="FirstRow">The row of the first kept position.</param>
/// <param name="Kept">The positions that give a row, rising.</param>
internal sealed record HarvestSequence(long Index, IReadOnlyList<WindowPart> Parts, int[] Tokens, long FirstRow, int[] Kept)
{
    public int Rows => Kept.Length;

    public long EndRow => FirstRow + Rows;

    /// <summary>A window of one document whose last positions give rows.</summary>
    public static HarvestSequence Of(Document document, int[] tokens, int keptFrom)
    {
        return new HarvestSequence(0, [new WindowPart(document, 0)], tokens, 0, [.. Enumerable.Range(keptFrom, tokens.Length - keptFrom)]);
    }

    /// <summary>Gives sequences their numbers and rows, from 0.</summary>
    public static HarvestSequence[] Placed(IEnumerable<HarvestSequence> sequences)
    {
        long row = 0;
        var placed = new List<HarvestSequence>();
        foreach (HarvestSequence sequence in sequences)
        {
            placed.Add(sequence with { Index = placed.Count, FirstRow = row });
            row += sequence.Rows;
        }

        return [.. placed];
    }
}
