using Workbench.Activations;
using Workbench.Harvest.Harvesting;
using Workbench.Models;
using Workbench.Testing;
using Workbench.Text.Corpora;
using Workbench.Workspaces;

namespace Workbench.Harvest.Tests.Harvesting;

public sealed class HarvestModeTests : IDisposable
{
    private const int Bos = 0;

    private readonly HarvestSample _sample = new(new TinyModel { BosScale = 100 });

    public static TheoryData<string> Modes => ["per-document", "packed", "padded"];

    public void Dispose()
    {
        _sample.Dispose();
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_row_of_every_mode_is_what_the_model_says_of_its_sequence_alone(string mode)
    {
        HarvestRequest request = Filtered(mode) with { DType = StorageType.Float32 };
        using Activations.Harvest harvest = Activations.Harvest.Open(Run("w", request).Folder);
        using HarvestInputs inputs = HarvestInputs.Open(request, new Workspace(_sample.At("w")), "cpu", "float32");
        harvest.Info.Windows.ShouldBe(mode);
        foreach (string hook in request.Hooks)
        {
            for (long sequence = 0; sequence < harvest.Sequences.Count; sequence++)
            {
                SequenceCheck.Of(harvest, harvest.Store(HookPoint.Parse(hook)), inputs.Model, hook, sequence);
            }
        }
    }

    [Fact]
    public void Packed_documents_name_all_sequences_that_hold_text_of_them()
    {
        using Activations.Harvest harvest = Activations.Harvest.Open(Run("w", _sample.Request() with { Windows = "packed" }).Folder);
        harvest.Info.Separator.ShouldBe(Bos);
        harvest.Sequences.Parts(1).Length.ShouldBeGreaterThan(1);
        var sequences = new Dictionary<long, List<long>>();
        for (long sequence = 0; sequence < harvest.Sequences.Count; sequence++)
        {
            foreach (SequencePart part in harvest.Sequences.Parts(sequence))
            {
                sequences.TryAdd(part.Document, []);
                sequences[part.Document].Add(sequence);
            }
        }

        harvest.Documents.Ids.ShouldBe(sequences.Keys);
        foreach (DocumentEntry document in harvest.Documents.Ids.Select(id => harvest.Documents.Find(id)!))
        {
            sequences[document.Id].ShouldBe(Enumerable.Range(0, document.Sequences).Select(i => document.FirstSequence + i));
        }
    }

    [Fact]
    public void Special_tokens_give_no_row_where_they_are_excluded()
    {
        HarvestRequest request = _sample.Request() with { Windows = "packed", ExcludeLeading = 0 };
        HarvestResult all = Run("all", request);
        HarvestResult plain = Run("plain", request with { ExcludeSpecial = true });
        plain.Rows.ShouldBe(1000);
        using Activations.Harvest with = Activations.Harvest.Open(all.Folder);
        using Activations.Harvest without = Activations.Harvest.Open(plain.Folder);
        int[] tokens = Tokens(without);
        tokens.ShouldNotContain(Bos);
        Tokens(with).Where(token => token != Bos).ShouldBe(tokens.Take(1000 - Tokens(with).Count(token => token == Bos)));
        without.Info.ExcludesSpecial.ShouldBeTrue();
    }

    [Fact]
    public void Rows_of_an_outlying_norm_are_dropped_and_counted()
    {
        HarvestRequest request = _sample.Request() with { ExcludeLeading = 0, Hooks = ["blocks.0.hook_resid_pre"] };
        using Activations.Harvest all = Activations.Harvest.Open(Run("all", request).Folder);
        HarvestResult result = Run("filtered", request with { MaxNormMultiple = 10 });
        using Activations.Harvest filtered = Activations.Harvest.Open(result.Folder);
        long leading = all.Sequences.Count;
        HarvestOutliers outliers = filtered.Info.Outliers.ShouldNotBeNull();
        (outliers.Multiple, outliers.Dropped, result.Outliers, result.Rows).ShouldBe((10, leading, leading, 1000 - leading));
        outliers.MedianNorms.Single().ShouldBe(filtered.Statistics("blocks.0.hook_resid_pre").MedianNorm, 0.2 * outliers.MedianNorms[0]);
        Tokens(filtered).ShouldBe(Tokens(all).Where(token => token != Bos));
        filtered.Sequences.Count.ShouldBe(leading);
        for (long sequence = 0; sequence < leading; sequence++)
        {
            filtered.Sequences.Tokens(sequence).ToArray().ShouldBe(all.Sequences.Tokens(sequence).ToArray());
            filtered.Sequences.Kept(sequence).ToArray().ShouldBe(all.Sequences.Kept(sequence).ToArray()[1..]);
        }
    }

    [Fact]
    public void A_shard_of_nothing_but_outliers_is_refused_by_name()
    {
        HarvestRequest request = _sample.Request() with { ExcludeLeading = 0, Hooks = ["blocks.0.hook_resid_pre"], MaxNormMultiple = 10, ShardRows = 1 };
        Should.Throw<WorkbenchException>(() => Run("w", request)).Message.ShouldContain("--max-norm-multiple");
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Interrupted_harvests_of_every_mode_go_on_to_the_same_bytes(string mode)
    {
        HarvestRequest request = Filtered(mode);
        HarvestResult whole = Run("whole", request);
        whole.Outliers.ShouldBeGreaterThan(0);
        for (int rows = 90; rows < whole.Rows; rows += 200)
        {
            using var stop = new CancellationTokenSource();
            Should.Throw<OperationCanceledException>(() => HarvestSampleRun.Execute(_sample, "cut", request, new StopAfter(stop, rows), stop.Token));
        }

        HarvestResult resumed = Run("cut", request);
        HarvestSample.Fingerprint(resumed.Folder).ShouldBe(HarvestSample.Fingerprint(whole.Folder));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Partitions_of_every_mode_write_the_same_bytes_as_one_process(string mode)
    {
        HarvestRequest request = Filtered(mode);
        HarvestResult whole = Run("whole", request);
        HarvestResult last = whole;
        foreach (int number in (int[])[2, 3, 1])
        {
            last = HarvestSampleRun.Execute(_sample, "parts", request, partition: new HarvestPartition(number, 3));
        }

        last.State.ShouldBe("complete");
        Directory.Delete(Path.Combine(last.Folder, "partitions"), recursive: true);
        HarvestSample.Fingerprint(last.Folder).ShouldBe(HarvestSample.Fingerprint(whole.Folder));
    }

    [Fact]
    public void A_separator_without_packing_is_wrong_usage()
    {
        HarvestRequest request = _sample.Request() with { Separator = SeparatorPolicy.Eos };
        Should.Throw<UsageException>(request.Validate).Message.ShouldContain("--separator");
        (request with { Windows = "packed" }).Validate();
        Should.Throw<UsageException>(() => (request with { Windows = "chunks" }).Validate()).Message.ShouldContain("--windows");
        Should.Throw<UsageException>(() => (_sample.Request() with { MaxNormMultiple = 1 }).Validate()).Message.ShouldContain("--max-norm-multiple");
    }

    [Fact]
    public void Reading_ahead_keeps_the_order_and_throws_where_the_source_does()
    {
        ReadAhead.Of(Enumerable.Range(0, 100), 3).ShouldBe(Enumerable.Range(0, 100));
        var seen = new List<int>();
        Should.Throw<WorkbenchException>(() =>
        {
            foreach (int item in ReadAhead.Of(Enumerable.Range(0, 9).Select(i => i < 5 ? i : throw new WorkbenchException("five")), 2))
            {
                seen.Add(item);
            }
        }).Message.ShouldBe("five");
        seen.ShouldBe([0, 1, 2, 3, 4]);
        ReadAhead.Of(Endless(), 2).Take(3).ShouldBe([0, 1, 2]);
    }

    private static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++)
        {
            yield return i;
        }
    }

    private static int[] Tokens(Activations.Harvest harvest)
    {
        int[] tokens = new int[harvest.Info.Rows];
        harvest.Store(HookPoint.Parse(harvest.Info.Hooks[0].Name)).TokenIds(0, tokens);
        return tokens;
    }

    /// <summary>A request in which positions fall out for their place, their token and their norm.</summary>
    private HarvestRequest Filtered(string mode)
    {
        return _sample.Request(tokens: 700) with { Windows = mode, ExcludeLeading = 1, ExcludeSpecial = true, MaxNormMultiple = 1.15 };
    }

    private HarvestResult Run(string workspace, HarvestRequest request)
    {
        return HarvestSampleRun.Execute(_sample, workspace, request);
    }
}
