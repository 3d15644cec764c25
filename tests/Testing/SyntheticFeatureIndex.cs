using Workbench.Dictionaries;
using Workbench.Features;

namespace Workbench.Testing;

/// <summary>
/// A small, valid feature index with made-up activations: each latent answers to some tokens, the last latent to none. All
/// numbers follow from the arguments, and the files come from the writers that the indexer uses.
/// </summary>
public static class SyntheticFeatureIndex
{
    /// <summary>What such an index belongs to; change it with <c>with</c> to fit a workspace.</summary>
    public static FeatureIndexInfo Info { get; } = new()
    {
        Dictionary = "synthetic",
        WeightsHash = new string('a', 64),
        Architecture = "top_k",
        K = 4,
        Latents = 24,
        Hook = "blocks.1.hook_resid_post",
        Harvest = "synthetic",
        Model = "synthetic",
        ModelHash = new string('b', 64),
        TokenizerHash = new string('c', 64),
        Corpus = "synthetic",
        CorpusHash = new string('d', 64),
        Tokens = 0,
        Sequences = 0,
        Context = 32,
        Bos = "never",
        ExcludedLeading = 0,
        Source = ActivationSource.Stored,
        ActivationType = "float16",
        Precision = "float32",
        LogitFormula = "made up",
    };

    /// <summary>Sequences of made-up tokens.</summary>
    public static IReadOnlyList<int[]> Sequences(int count, int length, int vocabulary, int seed = 0)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => random.Next(vocabulary)).ToArray())];
    }

    /// <summary>Writes an index over sequences, each of its own document.</summary>
    /// <returns>What the index belongs to, with the counts filled in.</returns>
    public static FeatureIndexInfo Write(string folder, FeatureIndexInfo info, IReadOnlyList<int[]> sequences, int vocabulary)
    {
        float[][][] active = [.. sequences.Select(tokens => Enumerable.Range(0, info.Latents).Select(latent => Activations(info, tokens, latent)).ToArray())];
        info = info with
        {
            Tokens = sequences.Sum(tokens => Math.Max(0, tokens.Length - info.ExcludedLeading)),
            Sequences = sequences.Count,
            MeanActive = active.Sum(s => s.Sum(a => a.Count(v => v > 0))) / (double)sequences.Sum(s => s.Length),
        };
        WriteCodes(folder, info, sequences, active);
        var columns = new FeatureColumns(info);
        using var writer = new FeatureIndexWriter(folder, info);
        for (int latent = 0; latent < info.Latents; latent++)
        {
            Fill(columns, info, latent, [.. active.Select(sequence => sequence[latent])], vocabulary);
            List<FeatureExample> examples = [.. Examples(columns, info, latent, sequences, active)];
            columns.TopToken[latent] = examples.Where(e => e.Group == FeatureExampleGroup.Top).Select(e => e.Tokens[e.Peak]).FirstOrDefault(-1);
            writer.AddExamples(latent, examples);
        }

        writer.Complete(columns);
        return info;
    }

    private static float[] Activations(FeatureIndexInfo info, int[] tokens, int latent)
    {
        float[] values = new float[tokens.Length];
        for (int position = info.ExcludedLeading; position < tokens.Length && latent < info.Latents - 1; position++)
        {
            uint mixed = (uint)(((tokens[position] + 1) * 2_654_435_761L) ^ ((latent + 1) * 40_503L)) * 2_246_822_519u;
            values[position] = mixed >> 28 == 0 ? 0.25f + ((mixed & 0xFFFF) / 8192f) + (position / 256f) : 0;
        }

        return values;
    }

    private static void WriteCodes(string folder, FeatureIndexInfo info, IReadOnlyList<int[]> sequences, float[][][] active)
    {
        var rows = sequences
            .SelectMany((tokens, sequence) => Enumerable.Range(info.ExcludedLeading, Math.Max(0, tokens.Length - info.ExcludedLeading)).Select(p => (Sequence: sequence, Position: p)))
            .ToList();
        var on = rows.Select(r => Enumerable.Range(0, info.Latents).Where(latent => active[r.Sequence][latent][r.Position] > 0).ToArray()).ToList();
        long[] offsets = [0, .. on.Select((_, i) => (long)on.Take(i + 1).Sum(entries => entries.Length))];
        float[] values = [.. on.SelectMany((entries, i) => entries.Select(latent => active[rows[i].Sequence][latent][rows[i].Position]))];
        using var writer = new CodeTableWriter(folder, info);
        writer.Add(
            new SparseCode(info.Latents, offsets, [.. on.SelectMany(entries => entries)], values),
            [.. rows.Select(r => sequences[r.Sequence][r.Position])],
            [.. rows.Select(r => (long)r.Sequence)],
            [.. rows.Select(r => r.Position)]);
        writer.Complete();
    }

    private static void Fill(FeatureColumns columns, FeatureIndexInfo info, int latent, float[][] windows, int vocabulary)
    {
        float[] on = [.. windows.SelectMany(window => window).Where(value => value > 0)];
        columns.FireCount[latent] = on.Length;
        columns.SequenceCount[latent] = windows.Count(window => window.Max() > 0);
        columns.Max[latent] = on.Length == 0 ? 0 : on.Max();
        columns.Sum[latent] = on.Sum(value => (double)value);
        columns.SumSquares[latent] = on.Sum(value => (double)value * value);
        columns.DecoderNorm[latent] = 1;
        for (int hook = 0; hook < info.DirectionHooks; hook++)
        {
            columns.DirectionNorms[(latent * info.DirectionHooks) + hook] = 1 + ((latent + hook) % 4);
        }

        for (int hook = 0; hook < info.CountedHooks; hook++)
        {
            columns.HookFireCount[(latent * info.CountedHooks) + hook] = (on.Length + hook) / info.CountedHooks;
        }

        foreach (float value in on)
        {
            columns.Histogram[(latent * info.HistogramBins) + Histogram.Bin(value, columns.Max[latent], info.HistogramBins)]++;
        }

        foreach (float[] window in windows.Where(window => window.Max() > 0))
        {
            columns.IntervalSequences[(latent * info.Intervals) + Histogram.Bin(window.Max(), columns.Max[latent], info.Intervals)]++;
        }

        for (int i = 0; i < info.Logits; i++)
        {
            columns.TopLogitIds[(latent * info.Logits) + i] = ((latent * 7) + i) % vocabulary;
            columns.TopLogitValues[(latent * info.Logits) + i] = 2 - (0.1f * i);
            columns.BottomLogitIds[(latent * info.Logits) + i] = ((latent * 11) + i + 50) % vocabulary;
            columns.BottomLogitValues[(latent * info.Logits) + i] = -1.5f + (0.1f * i);
        }

        for (int i = 0; i < Math.Min(info.Neighbours, info.Latents - 1); i++)
        {
            columns.NeighbourLatents[(latent * info.Neighbours) + i] = (latent + i + 1) % info.Latents;
            columns.NeighbourCosines[(latent * info.Neighbours) + i] = 0.6f - (0.05f * i);
        }
    }

    private static IEnumerable<FeatureExample> Examples(
        FeatureColumns columns, FeatureIndexInfo info, int latent, IReadOnlyList<int[]> sequences, float[][][] active)
    {
        var peaks = Enumerable.Range(0, sequences.Count)
            .Select(s => (Sequence: s, Peak: Array.IndexOf(active[s][latent], active[s][latent].Max()), Value: active[s][latent].Max()))
            .Where(p => p.Value > 0)
            .OrderByDescending(p => p.Value)
            .ToList();
        var chosen = peaks.Take(info.TopExamples).Select(p => (Group: FeatureExampleGroup.Top, p))
            .Concat(Enumerable.Range(0, info.Intervals).SelectMany(interval => peaks
                .Where(p => Histogram.Bin(p.Value, columns.Max[latent], info.Intervals) == interval)
                .Take(info.ExamplesPerInterval)
                .Select(p => (Group: FeatureExampleGroup.Interval(interval), p))));
        return chosen.Select(c => new FeatureExample(
            c.Group, c.p.Sequence, c.p.Sequence, c.p.Peak, c.p.Value, sequences[c.p.Sequence], active[c.p.Sequence][latent]));
    }
}
