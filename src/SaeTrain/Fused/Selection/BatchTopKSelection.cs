using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused.Selection;

/// <summary>The floor(k rows) largest positive scores of the whole batch.</summary>
/// <remarks>
/// Rows give every entry above a threshold that the batch before suggests; a histogram of the scores' upper bits, and then one of the
/// lower bits within one bin, finds the score at which to cut. Of equal scores at the cut, the first in the order of rows stay.
/// </remarks>
internal sealed unsafe class BatchTopKSelection<TElement, TScore>(FusedKernels kernels, double k) : BatchTopKSelection
    where TElement : IElement
    where TScore : IScore
{
    private const int HalfBits = 16;
    private const int PreviewRows = 64;
    private const float Retreat = 0.6f;
    private const double PreviewSurplus = 1.5;

    private readonly long[] _bins = new long[1 << HalfBits];
    private float* _scale;
    private float _threshold = -1;
    private float _caution = 0.85f;
    private long _wanted;

    public override int Scratch => 2048;

    public override void Begin(int rows)
    {
        _wanted = (long)Math.Floor(k * rows);
    }

    public override void Preview(in ScannedRow first, int rows, long stride)
    {
        if (_threshold >= 0)
        {
            return;
        }

        int sample = Math.Min(rows, PreviewRows);
        Array.Clear(_bins);
        for (int row = 0; row < sample; row++)
        {
            ScannedRow scanned = first with { Product = (byte*)first.Product + (row * stride) };
            for (int column = 0; column < first.Latents; column++)
            {
                float score = Score<TElement, TScore>(scanned, column);
                _bins[score > 0 ? Upper(score) : 0]++;
            }
        }

        _bins[0] = 0;
        (int bin, _) = BinOf((long)(k * sample * PreviewSurplus));
        _threshold = bin == 0 ? 0 : BitConverter.UInt32BitsToSingle((uint)bin << HalfBits);
    }

    public override void Choose(in ScannedRow row, EntryPart part)
    {
        _scale = row.Scale;
        int column = 0;
        while (column < row.Latents)
        {
            int count = kernels.Scan<TElement, TScore>(row, _threshold, ref column, part.Found.Pointer, part.Scratch);
            for (int i = 0; i < count; i++)
            {
                part.Add(part.Found.Pointer[i], PreActivation<TElement>(row, part.Found.Pointer[i]));
            }
        }
    }

    public override bool Finish(IReadOnlyList<EntryPart> parts)
    {
        long total = parts.Sum(part => (long)part.Count);
        if (total < _wanted && _threshold > 0)
        {
            _caution = MathF.Max(0.5f, _caution - 0.1f);
            _threshold = _threshold < 1e-6f ? 0 : _threshold * Retreat;
            return false;
        }

        if (total > _wanted && _wanted > 0)
        {
            Cut(parts);
        }

        Least = LeastOf(parts);
        _threshold = total >= _wanted ? Least * _caution : 0;
        return true;
    }

    private static int Upper(float score)
    {
        return (int)(BitConverter.SingleToUInt32Bits(score) >> HalfBits);
    }

    /// <summary>The bin that holds the wanted-th largest score, and how many of its scores belong to the wanted ones.</summary>
    private (int Bin, long Within) BinOf(long wanted)
    {
        int bin = _bins.Length - 1;
        while (bin > 0 && _bins[bin] < wanted)
        {
            wanted -= _bins[bin--];
        }

        return (bin, wanted);
    }

    private void Cut(IReadOnlyList<EntryPart> parts)
    {
        Array.Clear(_bins);
        foreach (EntryPart part in parts)
        {
            for (int i = 0; i < part.Count; i++)
            {
                _bins[Upper(ScoreOf(part, i))]++;
            }
        }

        (int upper, long within) = BinOf(_wanted);
        Array.Clear(_bins);
        foreach (EntryPart part in parts)
        {
            for (int i = 0; i < part.Count; i++)
            {
                uint bits = BitConverter.SingleToUInt32Bits(ScoreOf(part, i));
                if (bits >> HalfBits == upper)
                {
                    _bins[bits & ((1 << HalfBits) - 1)]++;
                }
            }
        }

        (int lower, long ties) = BinOf(within);
        float cut = BitConverter.UInt32BitsToSingle(((uint)upper << HalfBits) | (uint)lower);
        foreach (EntryPart part in parts)
        {
            ties = Filter(part, cut, ties);
        }
    }

    private long Filter(EntryPart part, float cut, long ties)
    {
        int kept = 0;
        int entry = 0;
        for (int row = 0; row < part.Ends.Length; row++)
        {
            for (; entry < part.Ends[row]; entry++)
            {
                float score = ScoreOf(part, entry);
                if (score > cut || (score == cut && ties-- > 0))
                {
                    part.Latents[kept] = part.Latents[entry];
                    part.PreActivations[kept++] = part.PreActivations[entry];
                }
            }

            part.Ends[row] = kept;
        }

        part.Keep(kept);
        return ties;
    }

    private float LeastOf(IReadOnlyList<EntryPart> parts)
    {
        float least = float.PositiveInfinity;
        foreach (EntryPart part in parts)
        {
            for (int i = 0; i < part.Count; i++)
            {
                least = MathF.Min(least, ScoreOf(part, i));
            }
        }

        return float.IsFinite(least) ? least : 0;
    }

    private float ScoreOf(EntryPart part, int entry)
    {
        return TScore.Of(part.PreActivations[entry], _scale, part.Latents[entry]);
    }
}
