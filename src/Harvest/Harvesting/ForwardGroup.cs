namespace Workbench.Harvest.Harvesting;

/// <summary>Sequences that go through the model together.</summary>
/// <param name="Sequences">The sequences, longest first.</param>
/// <param name="Offsets">The row of each within its batch.</param>
internal sealed record ForwardGroup(IReadOnlyList<HarvestSequence> Sequences, IReadOnlyList<int> Offsets)
{
    public int Length => Sequences[0].Tokens.Length;

    /// <summary>
    /// Sorts a batch by length, so that little is padded, and cuts it into passes of a bounded size. The result depends on the
    /// batch alone, so a batch that is computed again gives the same bits.
    /// </summary>
    public static IEnumerable<ForwardGroup> Of(IReadOnlyList<HarvestSequence> batch, int forwardTokens)
    {
        long firstRow = batch[0].FirstRow;
        HarvestSequence[] longestFirst = [.. batch.OrderByDescending(sequence => sequence.Tokens.Length)];
        for (int start = 0; start < longestFirst.Length;)
        {
            int count = Math.Clamp(forwardTokens / longestFirst[start].Tokens.Length, 1, longestFirst.Length - start);
            HarvestSequence[] part = longestFirst[start..(start + count)];
            yield return new ForwardGroup(part, [.. part.Select(sequence => (int)(sequence.FirstRow - firstRow))]);
            start += count;
        }
    }

    /// <summary>The tokens, row-major [sequences, length], padded on the right with id 0, which no earlier position can see.</summary>
    public long[] PaddedTokens()
    {
        var tokens = new long[Sequences.Count * Length];
        for (int i = 0; i < Sequences.Count; i++)
        {
            Array.ConvertAll(Sequences[i].Tokens, id => (long)id).CopyTo(tokens, i * Length);
        }

        return tokens;
    }
}
