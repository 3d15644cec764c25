using System.Runtime.InteropServices;
using Shouldly;
using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.SaeTrain.Indexing;
using Workbench.Testing;
using Workbench.Workspaces;
using Xunit;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Indexing;

public sealed class IndexRunTests : IDisposable
{
    private readonly TinyWorkspace _tiny = new();

    [Fact]
    public void An_index_of_stored_activations_holds_what_dense_encoding_gives()
    {
        IndexResult result = Run();

        result.AlreadyComplete.ShouldBeFalse();
        result.Source.ShouldBe(ActivationSource.Stored);
        result.Dead.ShouldBeGreaterThanOrEqualTo(1);
        using FeatureIndex index = FeatureIndex.Open(_tiny.IndexPath);
        using Harvest harvest = Harvest.Open(_tiny.HarvestPath);
        using SparseAutoencoder dictionary = _tiny.Dictionary();
        using var scope = NewDisposeScope();
        ActivationStore store = harvest.Store(TinyWorkspace.Hook);
        Tensor rows = empty(store.Rows, store.Width);
        store.Read(0, rows);
        Tensor dense = dictionary.Encode(rows).t().contiguous();
        float[] all = MemoryMarshal.Cast<byte, float>(dense.bytes).ToArray();
        for (int latent = 0; latent < index.Latents; latent++)
        {
            float[] values = all[(latent * (int)store.Rows)..((latent + 1) * (int)store.Rows)];
            index.FireCount[latent].ShouldBe(values.Count(value => value > 0));
            index.Max[latent].ShouldBe(values.Max(), 1e-4 * (1 + values.Max()));
            foreach (FeatureExample example in index.Examples(latent).SelectMany(group => group.Examples))
            {
                int first = (int)harvest.Sequences.FirstRow(example.Sequence);
                float[] expected = new float[example.Tokens.Length];
                foreach ((int row, int position) in harvest.Sequences.Kept(example.Sequence).ToArray().Index())
                {
                    expected[position] = values[first + row];
                }

                example.Activations.ShouldBe(expected, 1e-4 * (1 + example.PeakValue));
            }
        }
    }

    [Fact]
    public void A_replay_of_the_model_gives_the_stored_activations_up_to_their_rounding()
    {
        Run();
        float[] stored = Columns(index => index.Max.ToArray());
        double[] sums = Columns(index => index.Sum.ToArray());

        IndexResult replayed = Run(replay: true, overwrite: true);

        replayed.Source.ShouldBe(ActivationSource.Replay);
        float[] computed = Columns(index => index.Max.ToArray());
        for (int latent = 0; latent < stored.Length; latent++)
        {
            computed[latent].ShouldBe(stored[latent], 2e-3 * (1 + stored[latent]));
        }

        Columns(index => index.Sum.ToArray()).Sum().ShouldBe(sums.Sum(), 1e-3 * sums.Sum());
    }

    [Fact]
    public void Logits_and_neighbours_are_those_of_the_definitions()
    {
        Run();

        using FeatureIndex index = FeatureIndex.Open(_tiny.IndexPath);
        using SparseAutoencoder dictionary = _tiny.Dictionary();
        using LanguageModel model = ModelFiles.Find(_tiny.ModelPath).LoadModel(CPU, MatrixPrecision.Float32);
        using var scope = NewDisposeScope();
        Tensor effects = (dictionary.DecoderWeight * model.FinalNormWeight).mm(model.UnembedWeight.t());
        effects -= effects.mean([1], keepdim: true);
        Tensor unit = dictionary.DecoderWeight / dictionary.DecoderWeight.norm(1, keepdim: true);
        Tensor cosines = unit.mm(unit.t());
        for (int latent = 0; latent < index.Latents; latent++)
        {
            float[] effect = MemoryMarshal.Cast<byte, float>(effects[latent].contiguous().bytes).ToArray();
            LogitTable table = index.Logits(latent);
            table.Top.Select(entry => entry.Value).ShouldBeInOrder(SortDirection.Descending);
            table.Top[^1].Value.ShouldBe(effect.OrderDescending().ElementAt(table.Top.Count - 1), 1e-5);
            table.Bottom[0].Value.ShouldBe(effect.Min(), 1e-5);
            table.Top.Concat(table.Bottom).ShouldAllBe(entry => Math.Abs(effect[entry.TokenId] - entry.Value) < 1e-5);
            float[] others = MemoryMarshal.Cast<byte, float>(cosines[latent].contiguous().bytes).ToArray();
            others[latent] = -2;
            index.Neighbours(latent).Count.ShouldBe(index.Info.Neighbours);
            index.Neighbours(latent)[0].Cosine.ShouldBe(others.Max(), 1e-5);
            index.Neighbours(latent).ShouldAllBe(near => Math.Abs(others[near.Latent] - near.Cosine) < 1e-5);
        }
    }

    [Fact]
    public void The_same_line_again_does_nothing_and_another_seed_starts_again_from_the_codes()
    {
        Run();
        byte[] codes = File.ReadAllBytes(Path.Combine(_tiny.IndexPath, "codes.arrow"));
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(_tiny.IndexPath, "codes.arrow"));

        Run().AlreadyComplete.ShouldBeTrue();
        IndexResult other = Run(seed: 1);

        other.AlreadyComplete.ShouldBeFalse();
        other.SecondsByPhase.Keys.ShouldNotContain("encode");
        File.GetLastWriteTimeUtc(Path.Combine(_tiny.IndexPath, "codes.arrow")).ShouldBe(written);
        File.ReadAllBytes(Path.Combine(_tiny.IndexPath, "codes.arrow")).ShouldBe(codes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30_000)]
    [InlineData(150_000)]
    public void A_full_disk_leaves_no_index(long room)
    {
        var disk = new FullDisk(room);

        Should.Throw<WorkbenchException>(() => new IndexRun(Request(), null, TimeProvider.System, disk.Open).Execute(CancellationToken.None))
            .Message.ShouldContain("disk is full");

        FeatureIndex.Exists(_tiny.IndexPath).ShouldBeFalse();
        Directory.GetFiles(_tiny.IndexPath, "*.tmp").ShouldBeEmpty();
        new RunFolder(_tiny.IndexPath).Manifest!.State.ShouldBe(RunState.Failed);
        Run().AlreadyComplete.ShouldBeFalse();
    }

    [Fact]
    public void An_interrupted_run_says_so_and_leaves_no_index()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Should.Throw<OperationCanceledException>(() => new IndexRun(Request(), null, TimeProvider.System).Execute(stopped.Token));

        FeatureIndex.Exists(_tiny.IndexPath).ShouldBeFalse();
        new RunFolder(_tiny.IndexPath).Manifest!.State.ShouldBe(RunState.Interrupted);
    }

    [Fact]
    public void A_changed_shard_is_refused_by_name()
    {
        string shard = Directory.GetFiles(Path.Combine(_tiny.HarvestPath, TinyWorkspace.Hook), "*.arrow").Order(StringComparer.Ordinal).First();
        byte[] bytes = File.ReadAllBytes(shard);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(shard, bytes);

        Should.Throw<WorkbenchException>(() => Run()).Message.ShouldContain(Path.GetFileName(shard));
    }

    [Theory]
    [InlineData(TinyWorkspace.Hook, 16, "width 16")]
    [InlineData("blocks.1.hook_resid_post", 16, "width 16")]
    [InlineData("blocks.7.hook_resid_post", 32, "does not reach it")]
    [InlineData("layers.3.self_attn", 32, "layers.3.self_attn")]
    public void A_dictionary_of_another_model_is_refused(string hook, int width, string expected)
    {
        _tiny.WriteDictionary("other", hook, width, seed: 2);

        Should.Throw<WorkbenchException>(() => new IndexRun(Request() with { Dictionary = "other", Harvest = TinyWorkspace.HarvestId }, null, TimeProvider.System)
            .Execute(CancellationToken.None)).Message.ShouldContain(expected);
    }

    [Fact]
    public void A_hook_that_the_harvest_lacks_is_read_from_the_model()
    {
        _tiny.WriteDictionary("other", "blocks.1.hook_resid_mid", 32, seed: 2);

        IndexResult result = new IndexRun(Request() with { Dictionary = "other", Harvest = TinyWorkspace.HarvestId }, null, TimeProvider.System)
            .Execute(CancellationToken.None);

        result.Source.ShouldBe(ActivationSource.Replay);
        result.Alive.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_index_from_another_source_is_replaced_only_when_told_to(bool replayFirst)
    {
        Run(replay: replayFirst);
        byte[] before = File.ReadAllBytes(Path.Combine(_tiny.IndexPath, "features.arrow"));

        Should.Throw<WorkbenchException>(() => Run(replay: !replayFirst)).Message.ShouldContain("--overwrite");

        File.ReadAllBytes(Path.Combine(_tiny.IndexPath, "features.arrow")).ShouldBe(before);
        new RunFolder(_tiny.IndexPath).Manifest!.State.ShouldBe(RunState.Complete);
        Run(replay: replayFirst).AlreadyComplete.ShouldBeTrue();
        Run(replay: !replayFirst, overwrite: true).Source.ShouldBe(replayFirst ? ActivationSource.Stored : ActivationSource.Replay);
    }

    [Theory]
    [InlineData("blocks.1.hook_mlp_out", 32)]
    [InlineData("blocks.1.hook_attn_out", 32)]
    [InlineData("blocks.1.hook_resid_mid", 32)]
    [InlineData("blocks.1.attn.hook_z", 32)]
    [InlineData("ln_final.hook_out", 32)]
    public void Hooks_with_a_direct_effect_have_logits(string hook, int width)
    {
        using FeatureIndex index = OtherHook(hook, width);

        index.Info.LogitFormula.ShouldBe(DirectEffect.Formula(HookPoint.Parse(hook)));
        using SparseAutoencoder dictionary = DictionaryLoader.LoadSparse(_tiny.Workspace.DictionaryFolder("other").Path);
        using LanguageModel model = ModelFiles.Find(_tiny.ModelPath).LoadModel(CPU, MatrixPrecision.Float32);
        using Tensor effects = model.LogitEffect(HookPoint.Parse(hook), dictionary.Directions);
        using Tensor largest = effects.amax([1]);
        using Tensor smallest = effects.amin([1]);
        for (int latent = 0; latent < index.Latents; latent++)
        {
            index.Logits(latent).Top[0].Value.ShouldBe(largest[latent].item<float>(), 1e-5);
            index.Logits(latent).Bottom[0].Value.ShouldBe(smallest[latent].item<float>(), 1e-5);
        }
    }

    [Theory]
    [InlineData("blocks.1.ln1.hook_normalized", "attention")]
    [InlineData("blocks.1.hook_mlp_in", "MLP")]
    public void Hooks_without_a_direct_effect_say_why(string hook, string reader)
    {
        using FeatureIndex index = OtherHook(hook, 32);

        index.Info.Logits.ShouldBe(0);
        index.Info.LogitFormula.ShouldContain(hook);
        index.Info.LogitFormula.ShouldContain(reader);
        index.Logits(0).Top.ShouldBeEmpty();
    }

    [Fact]
    public void The_manifest_states_the_peak_of_memory()
    {
        Run();

        long peak = new RunFolder(_tiny.IndexPath).Manifest!.PeakMemoryBytes!.Value;
        peak.ShouldBeInRange(1 << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    [Fact]
    public void An_index_of_an_unknown_version_is_refused()
    {
        Run();
        string path = Path.Combine(_tiny.IndexPath, "features.arrow");
        byte[] bytes = File.ReadAllBytes(path);
        int at = bytes.AsSpan().IndexOf("features-1"u8);
        bytes[at + "features-".Length] = (byte)'9';
        File.WriteAllBytes(path, bytes);

        Should.Throw<WorkbenchException>(() => FeatureIndex.Open(_tiny.IndexPath)).Message.ShouldContain("features-9");
    }

    public void Dispose()
    {
        _tiny.Dispose();
    }

    private FeatureIndex OtherHook(string hook, int width)
    {
        _tiny.WriteDictionary("other", hook, width, seed: 2);
        IndexResult result = new IndexRun(Request() with { Dictionary = "other", Harvest = TinyWorkspace.HarvestId }, null, TimeProvider.System)
            .Execute(CancellationToken.None);
        return FeatureIndex.Open(result.Folder);
    }

    private IndexRequest Request()
    {
        return new IndexRequest { Workspace = _tiny.Workspace.Root, Dictionary = TinyWorkspace.DictionaryId, Precision = MatrixPrecision.Float32 };
    }

    private IndexResult Run(bool replay = false, bool overwrite = false, long seed = 0)
    {
        return new IndexRun(Request() with { Harvest = TinyWorkspace.HarvestId, Replay = replay, Overwrite = overwrite, Seed = seed }, null, TimeProvider.System).Execute(CancellationToken.None);
    }

    private T[] Columns<T>(Func<FeatureIndex, T[]> read)
    {
        using FeatureIndex index = FeatureIndex.Open(_tiny.IndexPath);
        return read(index);
    }
}
