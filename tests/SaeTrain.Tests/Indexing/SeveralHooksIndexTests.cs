using System.Runtime.InteropServices;
using Shouldly;
using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.SaeTrain.Indexing;
using Workbench.Workspaces;
using Xunit;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Indexing;

public sealed class SeveralHooksIndexTests : IDisposable
{
    private static readonly (string Hook, int Width)[] s_all = [.. TinyWorkspace.Hooks.Zip([32, 48, 32])];

    private readonly TinyWorkspace _tiny = TinyWorkspace.OfSeveralHooks();

    [Fact]
    public void A_crosscoders_index_holds_what_dense_encoding_of_all_hooks_gives()
    {
        using var scope = NewDisposeScope();
        using Crosscoder crosscoder = TinyDictionaries.Crosscoder(s_all);

        using FeatureIndex index = Index(crosscoder);

        index.Info.Hook.ShouldBe(string.Join(" + ", TinyWorkspace.Hooks));
        index.Info.Source.ShouldBe(ActivationSource.Stored);
        index.Info.Rows.ShouldBe(index.Tokens);
        Tensor dense = crosscoder.Encode(crosscoder.Join([.. TinyWorkspace.Hooks.Select(Rows)]));
        index.FireCount.ToArray().ShouldBe(Longs(dense.gt(0).sum([0])));
        Closely(index.Max.ToArray(), Floats(dense.amax([0])));
    }

    [Fact]
    public void Norms_by_hook_are_those_of_the_directions_and_shares_are_in_units_of_each_hooks_mean_norm()
    {
        using var scope = NewDisposeScope();
        using Crosscoder crosscoder = TinyDictionaries.Crosscoder(s_all);

        using FeatureIndex index = Index(crosscoder);

        double[] scales = [.. TinyWorkspace.Hooks.Select(hook => Rows(hook).to(ScalarType.Float64).norm(1).mean().item<double>())];
        index.Info.Hooks!.Select(hook => hook.MeanNorm!.Value).Zip(scales, (found, expected) => found / expected).ShouldAllBe(ratio => Math.Abs(ratio - 1) < 1e-6);
        for (int latent = 0; latent < index.Latents; latent++)
        {
            IReadOnlyList<HookShare> shares = index.HookShares(latent);
            double[] norms = [.. s_all.Select((_, hook) => crosscoder.Direction(latent, hook).to(ScalarType.Float64).norm().item<double>())];
            double total = norms.Zip(scales, (norm, scale) => norm / scale).Sum();
            shares.Select(share => share.Hook).ShouldBe(TinyWorkspace.Hooks);
            for (int hook = 0; hook < norms.Length; hook++)
            {
                shares[hook].Amount.ShouldBe(norms[hook], 1e-5);
                shares[hook].Share.ShouldBe(norms[hook] / scales[hook] / total, 1e-6);
            }
        }
    }

    [Fact]
    public void Without_statistics_shares_are_of_the_norms_themselves()
    {
        File.Delete(Path.Combine(_tiny.HarvestPath, HarvestStatistics.FileName));
        using Crosscoder crosscoder = TinyDictionaries.Crosscoder(s_all);

        using FeatureIndex index = Index(crosscoder);

        IReadOnlyList<HookShare> shares = index.HookShares(3);
        shares.ShouldAllBe(share => Math.Abs((share.Amount / shares.Sum(other => other.Amount)) - share.Share) < 1e-12);
    }

    [Fact]
    public void Neighbours_and_logits_of_a_crosscoder_are_those_of_the_definitions()
    {
        using var scope = NewDisposeScope();
        using Crosscoder crosscoder = TinyDictionaries.Crosscoder(s_all);
        using LanguageModel model = ModelFiles.Find(_tiny.ModelPath).LoadModel(CPU, MatrixPrecision.Float32);

        using FeatureIndex index = Index(crosscoder);

        Tensor scaled = cat([.. index.Info.Hooks!.Select((hook, i) => crosscoder.Part(crosscoder.Joint.Directions, i) / hook.MeanNorm!.Value)], 1);
        Tensor unit = scaled / scaled.norm(1, keepdim: true);
        Tensor cosines = unit.mm(unit.t());
        cosines.diagonal().fill_(-2);
        Closely([.. Enumerable.Range(0, index.Latents).Select(latent => index.Neighbours(latent)[0].Cosine)], Floats(cosines.amax([1])));
        index.Info.LogitFormula.ShouldContain("at " + TinyWorkspace.Hooks[^1]);
        Tensor effects = model.LogitEffect(HookPoint.Parse(TinyWorkspace.Hooks[^1]), crosscoder.Part(crosscoder.Joint.Directions, 2));
        Closely([.. Enumerable.Range(0, index.Latents).Select(latent => index.Logits(latent).Top[0].Value)], Floats(effects.amax([1])));
    }

    [Fact]
    public void A_crosscoder_of_one_hook_has_the_index_of_its_autoencoder()
    {
        using Crosscoder crosscoder = TinyDictionaries.Crosscoder(s_all[..1]);
        using SparseAutoencoder autoencoder = TinyDictionaries.Autoencoder(s_all[0].Hook, s_all[0].Width);

        using FeatureIndex one = Index(crosscoder, "one");
        using FeatureIndex other = Index(autoencoder, "other");

        one.FireCount.ToArray().ShouldBe(other.FireCount.ToArray());
        one.Sum.ToArray().ShouldBe(other.Sum.ToArray());
        one.DecoderNorm.ToArray().ShouldBe(other.DecoderNorm.ToArray());
        one.Info.Hooks.ShouldBeNull();
        one.HookShares(1).ShouldBeEmpty();
        for (int latent = 0; latent < one.Latents; latent++)
        {
            one.Neighbours(latent).ShouldBe(other.Neighbours(latent));
            one.Logits(latent).Top.ShouldBe(other.Logits(latent).Top);
            Peaks(one, latent).ShouldBe(Peaks(other, latent));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_replay_of_all_hooks_gives_the_stored_activations_up_to_their_rounding(bool pooled)
    {
        using ILatentModel dictionary = pooled
            ? TinyDictionaries.MultiLayer(32, TinyWorkspace.Hooks[0], TinyWorkspace.Hooks[2])
            : TinyDictionaries.Crosscoder(s_all);
        using FeatureIndex stored = Index(dictionary, "stored");

        using FeatureIndex replayed = Index(dictionary, "replayed", replay: true);

        replayed.Info.Source.ShouldBe(ActivationSource.Replay);
        stored.Sum.ToArray().Sum().ShouldBe(replayed.Sum.ToArray().Sum(), 1e-3 * replayed.Sum.ToArray().Sum());
        Closely(stored.Max.ToArray(), replayed.Max.ToArray(), 2e-3);
    }

    [Fact]
    public void A_hook_that_the_harvest_lacks_makes_all_hooks_be_read_from_the_model()
    {
        using Crosscoder crosscoder = TinyDictionaries.Crosscoder((TinyWorkspace.Hooks[0], 32), ("blocks.1.hook_mlp_out", 32));

        using FeatureIndex index = Index(crosscoder);

        index.Info.Source.ShouldBe(ActivationSource.Replay);
        index.Info.Hooks![0].MeanNorm.ShouldNotBeNull();
        index.Info.Hooks![1].MeanNorm.ShouldBeNull();
        index.Alive.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_multi_layer_dictionary_counts_firings_at_each_hook()
    {
        using var scope = NewDisposeScope();
        string[] hooks = [TinyWorkspace.Hooks[0], TinyWorkspace.Hooks[2]];
        using SparseAutoencoder dictionary = TinyDictionaries.MultiLayer(32, hooks);

        using FeatureIndex index = Index(dictionary);

        Tensor[] latents = [.. hooks.Select(hook => dictionary.Encode(Rows(hook)))];
        index.Info.Rows.ShouldBe(2 * index.Tokens);
        index.Info.MeanActive.ShouldBe(latents.Sum(z => z.gt(0).sum().item<long>()) / (double)index.Info.Rows, 1e-12);
        long[][] counts = [.. latents.Select(z => Longs(z.gt(0).sum([0])))];
        float[] largest = Floats(maximum(latents[0], latents[1]).t().contiguous());
        Closely(index.Max.ToArray(), Floats(maximum(latents[0], latents[1]).amax([0])));
        using Harvest harvest = Harvest.Open(_tiny.HarvestPath);
        for (int latent = 0; latent < index.Latents; latent++)
        {
            index.HookShares(latent).Select(share => share.Amount).ShouldBe(counts.Select(count => (double)count[latent]));
            index.HookShares(latent).Sum(share => share.Share).ShouldBe(index.FireCount[latent] == 0 ? 0 : 1, 1e-12);
            index.FireCount[latent].ShouldBe(counts.Sum(count => count[latent]));
            index.Density(latent).ShouldBe((double)index.FireCount[latent] / index.Info.Rows);
            foreach (FeatureExample example in index.Examples(latent).SelectMany(group => group.Examples))
            {
                int rows = harvest.Sequences.Rows(example.Sequence);
                int first = (latent * (int)index.Tokens) + (int)harvest.Sequences.FirstRow(example.Sequence);
                Closely(example.Activations[^rows..].ToArray(), largest[first..(first + rows)]);
            }
        }
    }

    [Fact]
    public void A_transcoders_index_names_both_hooks_and_takes_logits_where_it_writes()
    {
        using SparseAutoencoder transcoder = TinyDictionaries.Transcoder(TinyWorkspace.Hooks[1], 48, TinyWorkspace.Hooks[2], 32, identity: false);

        using FeatureIndex index = Index(transcoder);

        index.Info.Hook.ShouldBe(TinyWorkspace.Hooks[1]);
        index.Info.OutputHook.ShouldBe(TinyWorkspace.Hooks[2]);
        index.Logits(1).Top.Count.ShouldBe(index.Info.Logits);
        index.HookShares(1).ShouldBeEmpty();
    }

    [Fact]
    public void The_same_line_again_does_nothing_and_another_seed_starts_from_the_codes()
    {
        using SparseAutoencoder dictionary = TinyDictionaries.MultiLayer(32, TinyWorkspace.Hooks[0], TinyWorkspace.Hooks[2]);
        using (FeatureIndex index = Index(dictionary))
        {
            Run("d1").AlreadyComplete.ShouldBeTrue();
        }

        IndexResult again = Run("d1", seed: 1);

        again.SecondsByPhase.Keys.ShouldNotContain("encode");
        using FeatureIndex second = FeatureIndex.Open(again.Folder);
        second.HookShares(1).Sum(share => share.Amount).ShouldBe(second.FireCount[1]);
    }

    [Theory]
    [InlineData("blocks.0.hook_resid_post", "more than once")]
    [InlineData("layers.3.self_attn", "layers.3.self_attn")]
    [InlineData("blocks.7.hook_resid_post", "does not reach it")]
    public void A_crosscoder_whose_hooks_are_not_the_models_is_refused_by_name(string second, string expected)
    {
        using Crosscoder crosscoder = TinyDictionaries.Crosscoder((TinyWorkspace.Hooks[0], 32), (second, 32));
        DictionaryLoader.Save(crosscoder, _tiny.Workspace.DictionaryFolder("d1").Path);

        string message = Should.Throw<WorkbenchException>(() => Run("d1")).Message;

        message.ShouldContain("d1");
        message.ShouldContain(second);
        message.ShouldContain(expected);
    }

    public void Dispose()
    {
        _tiny.Dispose();
    }

    private static (string Group, long Sequence, float Value)[] Peaks(FeatureIndex index, int latent)
    {
        return [.. index.Examples(latent).SelectMany(group => group.Examples).Select(example => (example.Group, example.Sequence, example.PeakValue))];
    }

    private static void Closely(float[] found, float[] expected, double tolerance = 1e-4)
    {
        found.Length.ShouldBe(expected.Length);
        for (int i = 0; i < found.Length; i++)
        {
            found[i].ShouldBe(expected[i], tolerance * (1 + Math.Abs(expected[i])));
        }
    }

    private static float[] Floats(Tensor tensor)
    {
        return MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes).ToArray();
    }

    private static long[] Longs(Tensor tensor)
    {
        return MemoryMarshal.Cast<byte, long>(tensor.contiguous().bytes).ToArray();
    }

    private Tensor Rows(string hook)
    {
        using Harvest harvest = Harvest.Open(_tiny.HarvestPath);
        ActivationStore store = harvest.Store(hook);
        Tensor rows = empty(store.Rows, store.Width);
        store.Read(0, rows);
        return rows;
    }

    private FeatureIndex Index(ILatentModel dictionary, string id = "d1", bool replay = false)
    {
        DictionaryLoader.Save(dictionary, _tiny.Workspace.DictionaryFolder(id).Path);
        return FeatureIndex.Open(Run(id, replay).Folder);
    }

    private IndexResult Run(string id, bool replay = false, long seed = 0)
    {
        return new IndexRun(
            new IndexRequest { Workspace = _tiny.Workspace.Root, Dictionary = id, Replay = replay, Seed = seed, Precision = MatrixPrecision.Float32 },
            null,
            TimeProvider.System).Execute(CancellationToken.None);
    }
}
