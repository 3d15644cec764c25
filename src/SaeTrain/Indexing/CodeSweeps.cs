using Workbench.Features;

namespace Workbench.SaeTrain.Indexing;

/// <summary>The two sweeps over the codes that find every latent's numbers and choose its examples.</summary>
internal sealed class CodeSweeps(CodeTable codes, FeatureIndexInfo info, Action<string, long, long> progress, CancellationToken cancellation)
{
    private readonly SequencePeaks _peaks = new(info.Latents);

    public FeatureColumns Columns { get; } = new(info);

    public TopPeaks Top { get; } = new(info.Latents, info.TopExamples);

    public SampledPeaks Sampled { get; } = new(info.Latents, info.Intervals, info.ExamplesPerInterval, info.Seed);

    public void Run()
    {
        Sweep("statistics", Count, Rank);
        Sweep("intervals", Bin, Sample);
    }

    private void Sweep(string phase, Action<CodeBlock> entries, Action<long> sequence)
    {
        long rows = 0;
        for (int number = 0; number < codes.Blocks; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            using CodeBlock block = codes.Read(number);
            entries(block);
            for (int row = 0; row < block.Rows;)
            {
                long id = block.Sequences[row];
                row = _peaks.Read(block, row);
                sequence(id);
            }

            rows += block.Rows;
            progress(phase, rows, info.Tokens);
        }
    }

    private void Count(CodeBlock block)
    {
        ReadOnlySpan<int> latents = block.Latents;
        ReadOnlySpan<float> values = block.Values;
        long[] counts = Columns.FireCount;
        float[] max = Columns.Max;
        double[] sums = Columns.Sum;
        double[] squares = Columns.SumSquares;
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

    private void Rank(long sequence)
    {
        foreach (int latent in _peaks.Latents)
        {
            Columns.SequenceCount[latent]++;
            Top.Offer(latent, new PeakPlace(sequence, _peaks.Position(latent), _peaks.Peak(latent)));
        }
    }

    private void Bin(CodeBlock block)
    {
        ReadOnlySpan<int> latents = block.Latents;
        ReadOnlySpan<float> values = block.Values;
        float[] max = Columns.Max;
        long[] histogram = Columns.Histogram;
        int bins = info.HistogramBins;
        for (int i = 0; i < latents.Length; i++)
        {
            int latent = latents[i];
            histogram[(latent * bins) + Histogram.Bin(values[i], max[latent], bins)]++;
        }
    }

    private void Sample(long sequence)
    {
        foreach (int latent in _peaks.Latents)
        {
            float peak = _peaks.Peak(latent);
            int interval = Histogram.Bin(peak, Columns.Max[latent], info.Intervals);
            Columns.IntervalSequences[(latent * info.Intervals) + interval]++;
            Sampled.Offer(latent, interval, new PeakPlace(sequence, _peaks.Position(latent), peak));
        }
    }
}
