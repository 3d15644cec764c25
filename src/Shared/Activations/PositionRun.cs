namespace Workbench.Activations;

/// <summary>Consecutive positions of a sequence that all have a row.</summary>
/// <param name="Position">The first position.</param>
/// <param name="Row">Its row, counted from the sequence's first.</param>
/// <param name="Count">The number of positions, which is the number of rows.</param>
public readonly record struct PositionRun(int Position, int Row, int Count)
{
    /// <summary>The runs of rising positions, as few as possible.</summary>
    /// <param name="kept">The positions that have a row.</param>
    public static List<PositionRun> Of(ReadOnlySpan<int> kept)
    {
        var runs = new List<PositionRun>(1);
        for (int row = 0; row < kept.Length;)
        {
            int end = row + 1;
            while (end < kept.Length && kept[end] == kept[end - 1] + 1)
            {
                end++;
            }

            runs.Add(new PositionRun(kept[row], row, end - row));
            row = end;
        }

        return runs;
    }
}
