namespace Workbench.SaeTrain.Evaluation;

/// <summary>Token windows that go through the model together, padded on the right.</summary>
internal sealed class TokenBatch
{
    private const long LogitsPerBatch = 1 << 26;

    /// <param name="windows">What the model sees, a window a row.</param>
    /// <param name="counts">Whether a position of a window counts: its index in the window and its token.</param>
    public TokenBatch(IReadOnlyList<int[]> windows, Func<int, int, bool> counts)
    {
        Windows = windows.Count;
        Length = windows.Max(window => window.Length);
        Ids = new long[Windows * Length];
        Counted = new bool[Windows * Length];
        NextTokens = new long[Windows * Length];
        Array.Fill(NextTokens, -1);
        for (int i = 0; i < Windows; i++)
        {
            int[] window = windows[i];
            for (int position = 0; position < window.Length; position++)
            {
                int place = (i * Length) + position;
                Ids[place] = window[position];
                Counted[place] = counts(position, window[position]);
                NextTokens[place] = position + 1 < window.Length ? window[position + 1] : -1;
            }
        }

        Rows = [.. Enumerable.Range(0, Counted.Length).Where(place => Counted[place]).Select(place => (long)place)];
        CountedWithNext = Enumerable.Range(0, Counted.Length).LongCount(place => Counted[place] && NextTokens[place] >= 0);
    }

    public int Windows { get; }

    public int Length { get; }

    /// <summary>Tokens, row-major [windows, length], 0 where padded.</summary>
    public long[] Ids { get; }

    /// <summary>The positions that metrics are taken over, [windows, length].</summary>
    public bool[] Counted { get; }

    /// <summary>The token after each position, -1 where there is none.</summary>
    public long[] NextTokens { get; }

    /// <summary>The counted positions as indices into [windows * length].</summary>
    public long[] Rows { get; }

    /// <summary>Counted positions that have a next token.</summary>
    public long CountedWithNext { get; }

    /// <summary>Windows of similar length go together; a batch's logits stay within a bound.</summary>
    public static IEnumerable<TokenBatch> Cut(List<int[]> windows, Func<int, int, bool> counts, int vocabulary)
    {
        int tokens = (int)Math.Clamp(LogitsPerBatch / vocabulary, 256, 4096);
        int[][] longestFirst = [.. windows.OrderByDescending(window => window.Length)];
        for (int start = 0; start < longestFirst.Length;)
        {
            int count = Math.Clamp(tokens / longestFirst[start].Length, 1, longestFirst.Length - start);
            yield return new TokenBatch(longestFirst[start..(start + count)], counts);
            start += count;
        }
    }
}
