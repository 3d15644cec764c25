using Workbench.Features;

namespace Workbench.SaeTrain.Indexing;

/// <summary>
/// The two sweeps over the codes that find every latent's numbers and choose its examples. Each thread takes a range of latents
/// and reads all rows in order, so that sums do not depend on the number of threads.
/// </summary>
internal sealed class CodeSweeps(CodeTable codes, FeatureIndexInfo info, Action<string, long, long> progress, CancellationToken cancellation)
{
    private readonly SequencePeaks[] _ranges = SequencePeaks.Ranges(info.Latents);

    public FeatureColumns Columns { get; } = new(info);

    public TopPeaks Top { get; } = new(info.Latents, info.TopExamples);

    public SampledPeaks Sampled { get; } = new(info.Latents, info.Intervals, info.ExamplesPerInterval, info.Seed);

    public void Run()
    {
        Sweep("statistics", info.CountedHooks > 0 ? CountByHook : Count, Rank);
        Sweep("intervals", Bin, Sample);
    }

    private void Sweep(string phase, Action<CodeBlock, SequencePeaks> entries, Action<long, SequencePeaks> sequence)
    {
        long rows = 0;
        for (int number = 0; number < codes.Blocks; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            using CodeBlock block = codes.Read(number);
            _ = Parallel.ForEach(_ranges, range =>
            {
                range.Enter(block);
                entries(block, range);
                for (int row = 0; row < block.Rows;)
                {
                    long id = block.Sequences[row];
                    row = range.Read(block, row);
                    sequence(id, range);
                }
            });
            rows += block.Rows;
            progress(phase, rows, info.Rows);
        }
    }

    private void Count(CodeBlock block, SequencePeaks range)
    {
        long[] counts = Columns.FireCount;
        float[] max = Columns.Max;
        double[] sums = Columns.Sum;
        double[] squares = Columns.SumSquares;
        for (int row = 0; row < block.Rows; row++)
        {
            ReadOnlySpan<int> latents = block.Latents[range.Entries(row)];
            ReadOnlySpan<float> values = block.Values[range.Entries(row)];
            for (int i = 0; i < latents.Length; i++)
            {
                int latent = latents[i];
                float value = values[i];
                counts[latent]++;
                max[latent] = Math.Max(max[latent], value);
                sums[latent] += value;
                squares[latent] += (double)value * value;
            }
        }
    }

    private void CountByHook(CodeBlock block, SequencePeaks range)
    {
        Count(block, range);
        int hooks = info.CountedHooks;
        for (int row = 0; row < block.Rows; row++)
        {
            foreach (int latent in block.Latents[range.Entries(row)])
            {
                Columns.HookFireCount[(latent * hooks) + (row % hooks)]++;
            }
        }
    }

    private void Rank(long sequence, SequencePeaks range)
    {
        foreach (int latent in range.Latents)
        {
            Columns.SequenceCount[latent]++;
            Top.Offer(latent, new PeakPlace(sequence, range.Position(latent), range.Peak(latent)));
        }
    }

    private void Bin(CodeBlock block, SequencePeaks range)
    {
        float[] max = Columns.Max;
        long[] histogram = Columns.Histogram;
        int bins = info.HistogramBins;
        for (int row = 0; row < block.Rows; row++)
        {
            ReadOnlySpan<int> latents = block.Latents[range.Entries(row)];
            ReadOnlySpan<float> values = block.Values[range.Entries(row)];
            for (int i = 0; i < latents.Length; i++)
            {
                int latent = latents[i];
                if (values[i] > 0)
                {
                    histogram[(latent * bins) + Histogram.Bin(values[i], max[latent], bins)]++;
                }
            }
        }
    }

    private void Sample(long sequence, SequencePeaks range)
    {
        foreach (int latent in range.Latents)
        {
            float peak = range.Peak(latent);
            int interval = Histogram.Bin(peak, Columns.Max[latent], info.Intervals);
            Columns.IntervalSequences[(latent * info.Intervals) + interval]++;
            Sampled.Offer(latent, interval, new PeakPlace(sequence, range.Position(latent), peak));
        }
    }
}
