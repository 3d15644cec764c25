using Workbench.Dictionaries;
using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused.Selection;

/// <summary>The k largest positive scores of each row.</summary>
/// <param name="kernels">Kernels.</param>
/// <param name="most">The largest k of any step.</param>
internal sealed unsafe class TopKSelection<TElement, TScore>(FusedKernels kernels, int most) : TopKSelection(most)
    where TElement : IElement
    where TScore : IScore
{
    private const float LeastCaution = 0.5f;
    private const float MostCaution = 0.94f;
    private const float Retreat = 0.8f;
    private const float Step = 0.002f;

    public override int Scratch { get; } = (4 * most) + 512;

    public override void Choose(in ScannedRow row, EntryPart part)
    {
        int k = K;
        int count = Collect(row, part, part.Guess);
        for (float retry = part.Guess * Retreat; count < k && part.Guess > 0; retry = 0)
        {
            part.Caution = MathF.Max(LeastCaution, part.Caution - Step * 10);
            count = Collect(row, part, retry);
            if (retry == 0)
            {
                break;
            }
        }

        part.Caution = MathF.Min(MostCaution, part.Caution + (count > 2 * k ? Step : 0));
        if (count >= k)
        {
            (count, float least) = Cut(row, part, count);
            part.Guess = least * part.Caution;
        }

        int* found = part.Found.Pointer;
        for (int i = 0; i < count; i++)
        {
            part.Add(found[i], PreActivation<TElement>(row, found[i]));
        }
    }

    /// <summary>Collects the columns above a threshold, which rises where they are more than there is room for.</summary>
    private int Collect(in ScannedRow row, EntryPart part, float threshold)
    {
        int column = 0;
        int count = 0;
        while (true)
        {
            count += kernels.Scan<TElement, TScore>(row, threshold, ref column, part.Found.Pointer + count, part.Scratch - count);
            if (column >= row.Latents)
            {
                return count;
            }

            (count, threshold) = Cut(row, part, count);
        }
    }

    /// <summary>Keeps the k largest columns, ascending, and says the least of their scores.</summary>
    private (int Count, float Least) Cut(in ScannedRow row, EntryPart part, int count)
    {
        Span<ulong> keys = part.Keys.AsSpan(0, count);
        int* found = part.Found.Pointer;
        for (int i = 0; i < count; i++)
        {
            keys[i] = LargestKeys.Of(Score<TElement, TScore>(row, found[i]), found[i]);
        }

        ulong least = LargestKeys.Select(keys, K);
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            int column = found[i];
            if (LargestKeys.Of(Score<TElement, TScore>(row, column), column) >= least)
            {
                found[kept++] = column;
            }
        }

        return (kept, LargestKeys.Score(least));
    }
}
