using Shouldly;
using Workbench.Features;
using Workbench.Testing;
using Xunit;

namespace Workbench.Shared.Tests.Features;

public sealed class FeatureIndexTests : IDisposable
{
    private const int Vocabulary = 60;

    private readonly string _folder = Directory.CreateTempSubdirectory("features-").FullName;
    private readonly IReadOnlyList<int[]> _sequences = SyntheticFeatureIndex.Sequences(70, 20, Vocabulary);
    private readonly FeatureIndexInfo _info;

    public FeatureIndexTests()
    {
        _info = SyntheticFeatureIndex.Write(_folder, SyntheticFeatureIndex.Info with { Latents = 150, ExcludedLeading = 2 }, _sequences, Vocabulary);
    }

    [Fact]
    public void Open_gives_back_what_was_written()
    {
        using FeatureIndex index = FeatureIndex.Open(_folder);

        index.Info.ShouldBe(_info);
        index.Latents.ShouldBe(150);
        index.Tokens.ShouldBe(70 * 18);
        index.Statistics(149).Flags.ShouldBe(FeatureFlags.Dead);
        index.Statistics(149).TopToken.ShouldBe(-1);
        index.Alive.ShouldBeLessThan(150);
        index.Logits(3).Top.Count.ShouldBe(_info.Logits);
        index.Logits(3).Top[0].ShouldBe(new TokenLogit(21, 2));
        index.Neighbours(3)[0].ShouldBe(new FeatureNeighbour(4, 0.6f));
    }

    [Fact]
    public void Shares_of_hooks_are_norms_over_each_hooks_mean_norm_or_firings_and_add_up_to_one()
    {
        IndexedHook[] hooks = [new("blocks.0.hook_resid_post", 4, 2), new("blocks.1.hook_resid_post", 4, 8)];
        string norms = Path.Combine(_folder, "norms");
        string counts = Path.Combine(_folder, "counts");
        SyntheticFeatureIndex.Write(norms, SyntheticFeatureIndex.Info with { Hooks = hooks }, _sequences, Vocabulary);
        SyntheticFeatureIndex.Write(counts, SyntheticFeatureIndex.Info with { Hooks = hooks, RowsPerToken = 2 }, _sequences, Vocabulary);

        using FeatureIndex byNorm = FeatureIndex.Open(norms);
        using FeatureIndex byCount = FeatureIndex.Open(counts);

        // Latent 1 has norms 2 and 3 where activations have norms 2 and 8.
        byNorm.HookShares(1).ShouldBe([new HookShare(hooks[0].Name, 2, 1 / 1.375), new HookShare(hooks[1].Name, 3, 0.375 / 1.375)]);
        byNorm.Info.Hooks!.ShouldBe(hooks);
        byCount.Density(1).ShouldBe(byCount.FireCount[1] / (2.0 * byCount.Tokens));
        byCount.HookShares(1).Sum(share => share.Amount).ShouldBe(byCount.FireCount[1]);
        byCount.HookShares(1).Sum(share => share.Share).ShouldBe(1, 1e-12);
        byCount.HookShares(byCount.Latents - 1).ShouldAllBe(share => share.Share == 0);
    }

    [Fact]
    public void Histogram_counts_every_active_token_once()
    {
        using FeatureIndex index = FeatureIndex.Open(_folder);

        for (int latent = 0; latent < index.Latents; latent++)
        {
            index.Histogram(latent).Total.ShouldBe(index.FireCount[latent]);
        }
    }

    [Fact]
    public void Examples_of_any_latent_are_found_in_any_batch()
    {
        using FeatureIndex index = FeatureIndex.Open(_folder);

        int read = 0;
        foreach (int latent in Enumerable.Range(0, index.Latents).Reverse())
        {
            IReadOnlyList<FeatureExampleGroup> groups = index.Examples(latent);
            groups.Count.ShouldBe(1 + _info.Intervals);
            groups.Skip(1).Sum(group => group.Sequences).ShouldBe(index.SequenceCount[latent]);
            groups[0].Examples.Count.ShouldBe((int)Math.Min(_info.TopExamples, index.SequenceCount[latent]));
            foreach (FeatureExample example in groups.SelectMany(group => group.Examples))
            {
                example.Tokens.ShouldBe(_sequences[(int)example.Sequence]);
                example.Activations[example.Peak].ShouldBe(example.PeakValue);
                example.Activations.Take(2).ShouldAllBe(value => value == 0);
                read++;
            }
        }

        read.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Codes_hold_every_activation()
    {
        using FeatureIndex index = FeatureIndex.Open(_folder);
        using CodeTable codes = CodeTable.Open(_folder, _info.Latents);
        codes.Key.ShouldBe(_info.CodesKey);
        long[] counts = new long[index.Latents];
        long rows = 0;
        for (int block = 0; block < codes.Blocks; block++)
        {
            using CodeBlock read = codes.Read(block);
            rows += read.Rows;
            foreach (int latent in read.Latents)
            {
                counts[latent]++;
            }
        }

        rows.ShouldBe(_info.Tokens);
        counts.ShouldBe(index.FireCount.ToArray());
    }

    [Fact]
    public void Statistics_of_a_latent_that_does_not_exist_are_refused()
    {
        using FeatureIndex index = FeatureIndex.Open(_folder);

        Should.Throw<WorkbenchException>(() => index.Statistics(150)).Message.ShouldContain("0 to 149");
    }

    [Fact]
    public void An_index_whose_writer_stopped_early_is_not_there()
    {
        using (var writer = new FeatureIndexWriter(_folder, _info))
        {
            writer.AddExamples(0, []);
        }

        FeatureIndex.Exists(_folder).ShouldBeFalse();
        Should.Throw<WorkbenchException>(() => FeatureIndex.Open(_folder)).Message.ShouldContain("saetrain index");
    }

    [Fact]
    public void A_cut_file_is_refused_with_its_name()
    {
        foreach (string name in new[] { "features.arrow", "examples.arrow" })
        {
            string path = Path.Combine(_folder, name);
            byte[] whole = File.ReadAllBytes(path);
            File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
            Should.Throw<WorkbenchException>(() => FeatureIndex.Open(_folder)).Message.ShouldContain(name);
            File.WriteAllBytes(path, whole);
        }

        FeatureIndex.Open(_folder).Dispose();
    }

    [Fact]
    public void Files_of_two_runs_are_refused()
    {
        string other = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        SyntheticFeatureIndex.Write(other, _info with { Seed = 9 }, _sequences, Vocabulary);
        File.Copy(Path.Combine(other, "examples.arrow"), Path.Combine(_folder, "examples.arrow"), overwrite: true);

        Should.Throw<WorkbenchException>(() => FeatureIndex.Open(_folder)).Message.ShouldContain("two different runs");
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }
}
