using TorchSharp;
using Workbench.Models;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

/// <summary>What must hold for every family whatever its values, on the golden models.</summary>
[Trait("Category", "Golden")]
public sealed class LanguageModelFamilyTests
{
    [Fact]
    public void A_batch_read_in_pieces_through_a_cache_gives_the_logits_of_the_whole()
    {
        foreach (LanguageModelCase golden in Whole())
        {
            using var scope = NewDisposeScope();
            using LanguageModel model = golden.Load();
            Tensor ids = golden.Reference().Load("input_ids");
            using var cache = new KvCache(model.Config.Layers, capacity: 2);
            long length = ids.shape[1];
            (long From, long Count)[] cuts = [(0, length / 3), (length / 3, 1), ((length / 3) + 1, length - (length / 3) - 1)];
            Tensor[] pieces = [.. cuts.Select(cut => model.Forward(ids.narrow(1, cut.From, cut.Count), cache: cache)!)];
            TensorAssert.CloseToScale(model.Forward(ids)!, cat(pieces, 1), 2e-5, golden.Name);
        }
    }

    [Fact]
    public void Every_hook_that_a_model_has_is_reached_once_and_can_be_the_last()
    {
        foreach (LanguageModelCase golden in Whole())
        {
            using var scope = NewDisposeScope();
            using LanguageModel model = golden.Load();
            Tensor ids = golden.Reference().Load("input_ids");
            HookPoint[] points = [.. Points(model)];
            var whole = new List<HookPoint>();
            Tensor hooked = model.Forward(ids, [.. points.Select(point => new Hook(point, (value, _) =>
            {
                value.shape.ShouldBe([ids.shape[0], ids.shape[1], model.HookWidth(point)], point.Name);
                whole.Add(point);
                return value;
            }))])!;
            whole.SequenceEqual(points).ShouldBeTrue(golden.Name);
            TensorAssert.CloseToScale(model.Forward(ids)!, hooked, 1e-5, golden.Name);
            foreach (HookPoint point in points)
            {
                int reached = 0;
                model.Forward(ids, [new Hook(point, (_, _) =>
                {
                    reached++;
                    return null;
                })], stopAtLastHook: true).ShouldBeNull(point.Name);
                reached.ShouldBe(1, point.Name);
            }
        }
    }

    [Fact]
    public void Parallel_blocks_lack_the_middle_of_the_stream_and_say_why()
    {
        foreach (LanguageModelCase golden in Whole())
        {
            using var scope = NewDisposeScope();
            using LanguageModel model = golden.Load();
            var middle = new HookPoint(HookKind.ResidualMid, 0);
            bool parallel = golden.Expected.GetProperty("parallel_residual").GetBoolean();
            model.Has(middle).ShouldBe(!parallel, golden.Name);
            if (parallel)
            {
                Should.Throw<WorkbenchException>(() => model.HookWidth(middle)).Message.ShouldContain("parallel");
            }
        }
    }

    [Fact]
    public void The_first_block_in_bfloat16_stays_within_its_rounding()
    {
        foreach (LanguageModelCase golden in Whole())
        {
            using var scope = NewDisposeScope();
            using LanguageModel exact = golden.Load();
            using LanguageModel rounded = ModelFiles.Find(golden.Folder).LoadModel(precision: MatrixPrecision.BFloat16);
            Tensor ids = golden.Reference().Load("input_ids");
            Tensor expected = Value(exact, ids, "blocks.0.hook_resid_post");
            Tensor error = Value(rounded, ids, "blocks.0.hook_resid_post") - expected;
            (error.norm() / expected.norm()).item<float>().ShouldBeInRange(1e-5f, 0.03f, golden.Name);
        }
    }

    [Fact]
    public void The_effect_of_a_normalised_direction_is_the_change_of_the_logits_where_they_are_not_capped()
    {
        foreach (LanguageModelCase golden in Whole())
        {
            using var scope = NewDisposeScope();
            using LanguageModel model = golden.Load();
            Tensor ids = golden.Reference().Load("input_ids");
            var point = new HookPoint(HookKind.FinalNormalized);
            Tensor direction = randn(1, model.Config.Width);
            Tensor effect = model.LogitEffect(point, direction)[0];
            if (model.Config.LogitSoftCap is null)
            {
                Tensor change = (model.Forward(ids, [new Hook(point, (value, _) => value + direction)])! - model.Forward(ids)!)[0, 0];
                TensorAssert.CloseToScale(change - change.mean(), effect, 1e-4, golden.Name);
            }
        }
    }

    [Fact]
    public void A_constant_added_to_the_stream_has_an_effect_exactly_where_the_final_norm_does_not_centre()
    {
        foreach (LanguageModelCase golden in Whole())
        {
            using var scope = NewDisposeScope();
            using LanguageModel model = golden.Load();
            Tensor ids = golden.Reference().Load("input_ids");
            var last = new HookPoint(HookKind.ResidualPost, model.Config.Layers - 1);
            Tensor clean = model.Forward(ids)!;
            double change = (model.Forward(ids, [new Hook(last, (value, _) => value + 1)])! - clean).abs().max().item<float>();
            double effect = model.LogitEffect(last, ones(1, model.Config.Width)).abs().max().item<float>();
            double scale = clean.abs().max().item<float>();
            (effect > 1e-4 * scale).ShouldBe(change > 1e-4 * scale, golden.Name);
        }
    }

    private static IEnumerable<LanguageModelCase> Whole()
    {
        return LanguageModelCase.All().Where(golden => golden.IsWhole);
    }

    private static IEnumerable<HookPoint> Points(LanguageModel model)
    {
        HookKind[] kinds = Enum.GetValues<HookKind>();
        IEnumerable<HookPoint> before = kinds.Where(kind => kind < HookKind.ResidualPre).Select(kind => new HookPoint(kind));
        IEnumerable<HookPoint> after = kinds.Where(kind => kind > HookKind.ResidualPost).Select(kind => new HookPoint(kind));
        IEnumerable<HookPoint> inside = Enumerable.Range(0, model.Config.Layers).SelectMany(layer =>
            kinds.Where(kind => kind is >= HookKind.ResidualPre and <= HookKind.ResidualPost).Select(kind => new HookPoint(kind, layer)));
        return before.Concat(inside).Concat(after).Where(model.Has);
    }

    private static Tensor Value(LanguageModel model, Tensor ids, string name)
    {
        Tensor? seen = null;
        _ = model.Forward(ids, [new Hook(HookPoint.Parse(name), (value, _) =>
        {
            seen = value.DetachFromDisposeScope();
            return null;
        })], stopAtLastHook: true);
        return seen!;
    }
}
