using Shouldly;
using Workbench.Activations;
using Workbench.Features;
using Workbench.SaeTrain.Indexing;
using Xunit;

namespace Workbench.SaeTrain.Tests.Indexing;

/// <summary>The sweeps against dense loops over the same random codes.</summary>
public sealed class CodeSweepTests : IDisposable
{
    private readonly RandomCodes _codes = new(latents: 17, sequences: 90, context: 24, blocks: 7, excluded: 1, seed: 3);

    [Fact]
    public void Sums_counts_and_histograms_equal_dense_loops()
    {
        using FeatureIndex index = Index(ExampleSweep.DefaultWindowBudget);

        for (int latent = 0; latent < index.Latents; latent++)
        {
            float[] all = [.. Enumerable.Range(0, _codes.Tokens.Length).SelectMany(s => _codes.Window(s, latent))];
            float[] on = [.. all.Where(value => value > 0)];
            FeatureStatistics found = index.Statistics(latent);
            found.FireCount.ShouldBe(on.Length);
            found.Max.ShouldBe(all.Max());
            found.Sum.ShouldBe(on.Sum(value => (double)value), 1e-9);
            found.SumSquares.ShouldBe(on.Sum(value => (double)value * value), 1e-9);
            found.TokenCount.ShouldBe(_codes.Tokens.Sum(tokens => tokens.Length - 1));
            long[] bins = new long[_codes.Info.HistogramBins];
            foreach (float value in on)
            {
                int bin = Enumerable.Range(0, bins.Length).First(i => value <= (double)found.Max * (i + 1) / bins.Length || i == bins.Length - 1);
                bins[bin]++;
            }

            index.Histogram(latent).Counts.ShouldBe(bins);
        }
    }

    [Fact]
    public void Top_examples_are_the_largest_peaks_one_a_sequence()
    {
        using FeatureIndex index = Index(ExampleSweep.DefaultWindowBudget);

        for (int latent = 0; latent < index.Latents; latent++)
        {
            var expected = Enumerable.Range(0, _codes.Tokens.Length)
                .Select(s => (Sequence: (long)s, Value: _codes.Window(s, latent).Max()))
                .Where(p => p.Value > 0)
                .OrderByDescending(p => p.Value)
                .Take(_codes.Info.TopExamples);
            index.Examples(latent)[0].Examples.Select(e => (e.Sequence, e.PeakValue)).ShouldBe(expected);
        }
    }

    [Fact]
    public void Intervals_hold_sequences_whose_peak_lies_there_and_as_many_as_there_are()
    {
        using FeatureIndex index = Index(ExampleSweep.DefaultWindowBudget);

        for (int latent = 0; latent < index.Latents; latent++)
        {
            float[] peaks = [.. Enumerable.Range(0, _codes.Tokens.Length).Select(s => _codes.Window(s, latent).Max())];
            foreach ((int interval, FeatureExampleGroup group) in index.Examples(latent).Skip(1).Index())
            {
                double width = (double)index.Max[latent] / _codes.Info.Intervals;
                int[] members = [.. Enumerable.Range(0, peaks.Length).Where(s => peaks[s] > 0
                    && (peaks[s] > width * interval || interval == 0)
                    && (peaks[s] <= width * (interval + 1) || interval == _codes.Info.Intervals - 1))];
                group.Sequences.ShouldBe(members.Length);
                group.Examples.Count.ShouldBe(Math.Min(members.Length, _codes.Info.ExamplesPerInterval));
                group.Examples.Select(e => (int)e.Sequence).ShouldBeUnique();
                group.Examples.ShouldAllBe(e => members.Contains((int)e.Sequence));
                group.Examples.Select(e => e.PeakValue).ShouldBeInOrder(SortDirection.Descending);
            }
        }
    }

    [Theory]
    [InlineData(ExampleSweep.DefaultWindowBudget)]
    [InlineData(1)]
    [InlineData(1500)]
    public void Windows_are_whole_sequences_whatever_the_memory(int budget)
    {
        using FeatureIndex index = Index(budget);

        int read = 0;
        for (int latent = 0; latent < index.Latents; latent++)
        {
            foreach (FeatureExample example in index.Examples(latent).SelectMany(group => group.Examples))
            {
                float[] window = _codes.Window((int)example.Sequence, latent);
                example.Activations.ShouldBe(window);
                example.Tokens.ShouldBe(_codes.Tokens[example.Sequence]);
                example.Document.ShouldBe(1000 + example.Sequence);
                example.Peak.ShouldBe(Array.IndexOf(window, window.Max()));
                read++;
            }
        }

        read.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void The_sample_depends_on_the_seed_and_on_nothing_else()
    {
        var first = Sample(0);
        using var cutOtherwise = new RandomCodes(latents: 17, sequences: 90, context: 24, blocks: 2, excluded: 1, seed: 3);

        Sample(0).ShouldBe(first);
        Sample(1).ShouldNotBe(first);
        Sample(0, cutOtherwise).ShouldBe(first);
    }

    [Fact]
    public void The_top_token_is_the_commonest_at_the_top_peaks()
    {
        using FeatureIndex index = Index(ExampleSweep.DefaultWindowBudget);

        for (int latent = 0; latent < index.Latents - 1; latent++)
        {
            int[] peaks = [.. index.Examples(latent)[0].Examples.Select(e => e.Tokens[e.Peak])];
            int most = peaks.GroupBy(token => token).Max(group => group.Count());
            peaks.Count(token => token == index.TopToken[latent]).ShouldBe(most);
        }

        index.TopToken[^1].ShouldBe(-1);
    }

    public void Dispose()
    {
        _codes.Dispose();
    }

    private FeatureIndex Index(int budget)
    {
        using CodeTable codes = CodeTable.Open(_codes.Folder, _codes.Info.Latents);
        using SequenceTable sequences = _codes.OpenSequences();
        var sweeps = new CodeSweeps(codes, _codes.Info, (_, _, _) => { }, CancellationToken.None);
        sweeps.Run();
        using var writer = new FeatureIndexWriter(_codes.Folder, _codes.Info);
        new ExampleSweep(codes, sequences, sweeps, _codes.Info, (_, _, _) => { }, CancellationToken.None, budget).Run(writer);
        writer.Complete(sweeps.Columns);
        return FeatureIndex.Open(_codes.Folder);
    }

    private List<long> Sample(long seed, RandomCodes? other = null)
    {
        RandomCodes source = other ?? _codes;
        using CodeTable codes = CodeTable.Open(source.Folder, source.Info.Latents);
        FeatureIndexInfo info = source.Info with { Seed = seed };
        var sweeps = new CodeSweeps(codes, info, (_, _, _) => { }, CancellationToken.None);
        sweeps.Run();
        return [.. Enumerable.Range(0, info.Latents).SelectMany(latent =>
            Enumerable.Range(0, info.Intervals).SelectMany(interval => sweeps.Sampled.Of(latent, interval).Select(place => place.Sequence)))];
    }
}
