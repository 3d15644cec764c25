namespace Workbench.Text.Tokenizers.Models;

/// <summary>
/// Applies merges to a row of symbols: always the pair of lowest rank, the leftmost first. Short rows are scanned; long ones go
/// through a heap, so that a piece of n symbols costs n log n.
/// </summary>
internal static class SymbolMerger
{
    private const int LongestScan = 96;

    /// <summary>Merges in place and returns how many symbols are left at the front of both spans.</summary>
    /// <param name="ids">Ids of the symbols.</param>
    /// <param name="lengths">Lengths of the symbols, which add up on a merge.</param>
    /// <param name="merges">The merges.</param>
    public static int Merge(Span<int> ids, Span<int> lengths, MergeTable merges)
    {
        return ids.Length <= LongestScan ? Scan(ids, lengths, merges) : MergeByHeap(ids, lengths, merges);
    }

    private static int Scan(Span<int> ids, Span<int> lengths, MergeTable merges)
    {
        int count = ids.Length;
        if (count < 2)
        {
            return count;
        }

        Span<long> candidates = stackalloc long[LongestScan];
        for (int index = 0; index + 1 < count; index++)
        {
            candidates[index] = merges.Find(ids[index], ids[index + 1]);
        }

        while (true)
        {
            int best = -1;
            int bestRank = int.MaxValue;
            for (int index = 0; index + 1 < count; index++)
            {
                int rank = MergeTable.Rank(candidates[index]);
                if (rank < bestRank)
                {
                    bestRank = rank;
                    best = index;
                }
            }

            if (best < 0)
            {
                return count;
            }

            ids[best] = MergeTable.MergedId(candidates[best]);
            lengths[best] += lengths[best + 1];
            int moved = count - best - 2;
            ids.Slice(best + 2, moved).CopyTo(ids[(best + 1)..]);
            lengths.Slice(best + 2, moved).CopyTo(lengths[(best + 1)..]);
            candidates.Slice(best + 1, moved).CopyTo(candidates[best..]);
            count--;
            candidates[best] = best + 1 < count ? merges.Find(ids[best], ids[best + 1]) : MergeTable.None;
            if (best > 0)
            {
                candidates[best - 1] = merges.Find(ids[best - 1], ids[best]);
            }
        }
    }

    private static int MergeByHeap(Span<int> ids, Span<int> lengths, MergeTable merges)
    {
        int count = ids.Length;
        var next = new int[count];
        var previous = new int[count];
        var waiting = new PriorityQueue<(int Left, int Merged), long>(count);
        for (int index = 0; index < count; index++)
        {
            next[index] = index + 1 < count ? index + 1 : -1;
            previous[index] = index - 1;
        }

        for (int index = 0; index + 1 < count; index++)
        {
            Offer(index, ids[index], ids[index + 1]);
        }

        while (waiting.TryDequeue(out (int Left, int Merged) candidate, out _))
        {
            int left = candidate.Left;
            if (lengths[left] < 0 || next[left] < 0)
            {
                continue;
            }

            int right = next[left];
            long merge = merges.Find(ids[left], ids[right]);
            if (merge == MergeTable.None || MergeTable.MergedId(merge) != candidate.Merged)
            {
                continue;
            }

            ids[left] = candidate.Merged;
            lengths[left] += lengths[right];
            lengths[right] = -1;
            next[left] = next[right];
            if (next[left] >= 0)
            {
                previous[next[left]] = left;
                Offer(left, ids[left], ids[next[left]]);
            }

            if (previous[left] >= 0)
            {
                Offer(previous[left], ids[previous[left]], ids[left]);
            }
        }

        int kept = 0;
        for (int index = 0; index < count; index++)
        {
            if (lengths[index] >= 0)
            {
                ids[kept] = ids[index];
                lengths[kept++] = lengths[index];
            }
        }

        return kept;

        void Offer(int left, int leftId, int rightId)
        {
            long merge = merges.Find(leftId, rightId);
            if (merge != MergeTable.None)
            {
                waiting.Enqueue((left, MergeTable.MergedId(merge)), ((long)MergeTable.Rank(merge) << 32) | (uint)left);
            }
        }
    }
}
