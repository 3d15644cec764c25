using Shouldly;
using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.SaeTrain.Evaluation;
using Workbench.SaeTrain.Tests.Indexing;
using Xunit;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Evaluation;

public sealed class SeveralHooksCoreTests : IDisposable
{
    private const int Tokens = 90;

    private static readonly (string Hook, int Width)[] s_all = [.. TinyWorkspace.Hooks.Zip([32, 48, 32])];
    private static readonly string[] s_residual = [TinyWorkspace.Hooks[0], TinyWorkspace.Hooks[2]];

    private readonly TinyWorkspace _tiny = TinyWorkspace.OfSeveralHooks();

    [Fact]
    public void A_crosscoder_of_one_hook_has_the_numbers_of_its_autoencoder()
    {
        using Crosscoder crosscoder = TinyDictionaries.Crosscoder(s_all[..1]);
        using SparseAutoencoder autoencoder = TinyDictionaries.Autoencoder(s_all[0].Hook, s_all[0].Width);

        CoreResult one = Run(crosscoder, "one", all: true);
        CoreResult other = Run(autoencoder, "other", all: true);

        one.Headline.ShouldBe(other.Headline);
        one.Headline.FvuByHook.ShouldBeNull();
        one.Definitions.ShouldBe(other.Definitions);
        Numbers(one).ShouldBe(Numbers(other));
    }

    [Fact]
    public void Numbers_of_a_crosscoder_are_those_of_a_computation_window_by_window_in_float64()
    {
        using var scope = NewDisposeScope();
        using Crosscoder crosscoder = TinyDictionaries.Crosscoder(s_all);

        CoreResult result = Run(crosscoder, "d1");

        (double[] shares, double total, double recovered) = ByHand(crosscoder);
        result.Tokens.ShouldBe(Tokens);
        result.Config.Hooks.ShouldBe(TinyWorkspace.Hooks);
        result.Headline.FvuByHook!.Keys.ShouldBe(TinyWorkspace.Hooks);
        foreach ((string hook, double share) in TinyWorkspace.Hooks.Zip(shares))
        {
            result.Headline.FvuByHook![hook].ShouldBe(share, 1e-5);
        }

        result.Headline.Fvu.ShouldBe(total, 1e-5);
        result.Headline.CeRecovered.ShouldBe(recovered, 1e-3);
        result.Headline.ActiveLatents.ShouldBeInRange(1, 4);
        result.Definitions["hooks"].ShouldContain("side by side");
    }

    [Fact]
    public void Numbers_of_a_multi_layer_dictionary_at_a_hook_are_those_of_an_autoencoder_there()
    {
        using SparseAutoencoder dictionary = TinyDictionaries.MultiLayer(32, s_residual);
        CoreResult[] alone =
        [
            .. s_residual.Select((hook, i) =>
            {
                using SparseAutoencoder single = TinyDictionaries.MultiLayer(32, hook);
                return Run(single, $"alone-{i}");
            }),
        ];

        CoreResult result = Run(dictionary, "d1");

        result.Headline.FvuByHook!.Values.ShouldBe(alone.Select(one => one.Headline.Fvu), 1e-9);
        result.Headline.ActiveLatents.ShouldBe(alone.Average(one => one.Headline.ActiveLatents), 1e-9);
        result.Headline.Fvu.ShouldBeInRange(alone.Min(one => one.Headline.Fvu), alone.Max(one => one.Headline.Fvu));
        result.Headline.CeClean.ShouldBe(alone[0].Headline.CeClean, 1e-6);
        result.Definitions.Keys.ShouldContain("l0_of_hooks");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_the_error_added_back_at_all_hooks_the_model_is_the_clean_one(bool pooled)
    {
        using ILatentModel dictionary = pooled ? TinyDictionaries.MultiLayer(32, s_residual) : TinyDictionaries.Crosscoder(s_all);

        CoreResult result = Run(dictionary, "d1", all: true);

        Convert.ToDouble(result.Sets["correct"].Values["ce_with_error_term"], null).ShouldBe(result.Headline.CeClean, 1e-5);
        ((IReadOnlyList<double>)result.Sets["latents"].Values["feature_density"]).Count.ShouldBe(TinyDictionaries.Latents);
        result.Sets["saebench_all_positions"].Values.Count.ShouldBe(7);
    }

    [Fact]
    public void A_transcoder_that_hands_on_what_it_reads_between_two_names_of_one_activation_loses_nothing()
    {
        using SparseAutoencoder transcoder = TinyDictionaries.Transcoder("blocks.0.hook_resid_post", 32, "blocks.1.hook_resid_pre", 32, identity: true);

        CoreResult result = Run(transcoder, "d1");

        result.Headline.Fvu.ShouldBe(0, 1e-12);
        result.Headline.CeSae.ShouldBe(result.Headline.CeClean, 1e-9);
        result.Headline.CeRecovered.ShouldBe(1, 1e-9);
        result.Config.OutputHook.ShouldBe("blocks.1.hook_resid_pre");
    }

    [Fact]
    public void A_transcoder_is_held_against_the_activations_that_it_writes()
    {
        using var scope = NewDisposeScope();
        using SparseAutoencoder transcoder = TinyDictionaries.Transcoder(TinyWorkspace.Hooks[1], 48, TinyWorkspace.Hooks[2], 32, identity: false);

        CoreResult result = Run(transcoder, "d1");

        (double[] shares, _, double recovered) = ByHand(transcoder);
        result.Headline.Fvu.ShouldBe(shares[0], 1e-5 * shares[0]);
        result.Headline.CeRecovered.ShouldBe(recovered, 1e-3 * (1 + Math.Abs(recovered)));
    }

    [Fact]
    public void An_output_that_is_no_hook_point_is_refused_by_name()
    {
        using SparseAutoencoder transcoder = TinyDictionaries.Transcoder(TinyWorkspace.Hooks[1], 48, "somewhere", 32, identity: false);

        string message = Should.Throw<WorkbenchException>(() => Run(transcoder, "d1")).Message;

        message.ShouldContain("d1");
        message.ShouldContain("'somewhere'");
    }

    public void Dispose()
    {
        _tiny.Dispose();
    }

    /// <summary>FVU by output, over all of them, and CE recovered: each window by itself, sums in float64, every output replaced in one pass.</summary>
    private (double[] Shares, double Total, double Recovered) ByHand(ILatentModel dictionary)
    {
        using LanguageModel model = ModelFiles.Find(_tiny.ModelPath).LoadModel(CPU, MatrixPrecision.Float32);
        HeldOutWindows text = HarvestOrigin.OpenHeldOut(Harvest.ReadInfo(_tiny.HarvestPath), ModelFiles.Find(_tiny.ModelPath));
        HookPoint[] reads = [.. dictionary.Inputs.Select(site => HookPoint.Parse(site.Hook))];
        HookPoint[] writes = [.. dictionary.Outputs.Select(site => HookPoint.Parse(site.Hook))];
        List<Tensor>[] targets = [.. writes.Select(_ => new List<Tensor>())];
        List<Tensor>[] errors = [.. writes.Select(_ => new List<Tensor>())];
        double[] losses = new double[3];
        foreach (int[] window in text.Take(Tokens))
        {
            long[] ids = Array.ConvertAll(window, id => (long)id);
            long[] counted = [.. Enumerable.Range(0, window.Length).Where(position => text.Counts(position, window[position])).Select(position => (long)position)];
            using var seen = new HookCapture([.. reads, .. writes]);
            Tensor tokens = tensor(ids, [1, ids.Length]);
            Tensor clean = model.Forward(tokens, seen.Hooks)!;
            Tensor x = cat([.. reads.Select(point => seen[point][0])], 1);
            Tensor reconstruction = dictionary.Reconstruct(x);
            Dictionary<HookPoint, Tensor> replaced = [];
            long first = 0;
            for (int hook = 0; hook < writes.Length; hook++)
            {
                Tensor target = seen[writes[hook]][0];
                Tensor part = reconstruction.narrow(1, first, target.shape[1]);
                first += target.shape[1];
                replaced[writes[hook]] = target.clone().index_copy_(0, tensor(counted), part.index_select(0, tensor(counted))).unsqueeze(0);
                targets[hook].Add(target.index_select(0, tensor(counted)).to(ScalarType.Float64));
                errors[hook].Add(targets[hook][^1] - part.index_select(0, tensor(counted)).to(ScalarType.Float64));
            }

            Tensor spliced = model.Forward(tokens, [.. writes.Select(point => new Hook(point, (_, _) => replaced[point]))])!;
            Tensor zero = model.Forward(tokens, [.. writes.Select(point => new Hook(point, (value, _) => zeros_like(value)))])!;
            losses[0] += Loss(clean, ids, counted);
            losses[1] += Loss(spliced, ids, counted);
            losses[2] += Loss(zero, ids, counted);
        }

        double[] unexplained = [.. errors.Select(list => cat(list).square().sum().item<double>())];
        double[] variance = [.. targets.Select(list => (cat(list) - cat(list).mean([0])).square().sum().item<double>())];
        return ([.. unexplained.Zip(variance, (e, v) => e / v)], unexplained.Sum() / variance.Sum(), (losses[2] - losses[1]) / (losses[2] - losses[0]));
    }

    private static double Loss(Tensor logits, long[] ids, long[] counted)
    {
        Tensor log = logits[0].to(ScalarType.Float64).log_softmax(1);
        return counted.Where(position => position + 1 < ids.Length).Sum(position => -log[position, ids[position + 1]].item<double>());
    }

    private static Dictionary<string, string> Numbers(CoreResult result)
    {
        return result.Sets
            .SelectMany(set => set.Value.Values.Select(value => (Name: $"{set.Key}.{value.Key}", value.Value)))
            .ToDictionary(number => number.Name, number => number.Value is IReadOnlyList<double> list ? string.Join(' ', list) : $"{number.Value}");
    }

    private CoreResult Run(ILatentModel dictionary, string id, bool all = false)
    {
        DictionaryLoader.Save(dictionary, _tiny.Workspace.DictionaryFolder(id).Path);
        return new CoreRun(
            new CoreRequest
            {
                Workspace = _tiny.Workspace.Root, Dictionary = id, Harvest = TinyWorkspace.HarvestId, Tokens = Tokens, AllPasses = all, Precision = MatrixPrecision.Float32,
            },
            null,
            TimeProvider.System).Execute(CancellationToken.None);
    }
}
