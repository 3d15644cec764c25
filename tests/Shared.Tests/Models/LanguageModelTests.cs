using TorchSharp;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

public sealed class LanguageModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LanguageModel _model;
    private readonly Tensor _tokens = tensor(new long[] { 5, 9, 200, 31, 7, 8, 1, 2, 90, 17, 3, 4 }, [2, 6]);

    public LanguageModelTests()
    {
        string path = new TinyModel { Layers = 3, Heads = 4, KeyValueHeads = 2 }.Write(_folder.At("model"));
        _model = ModelFiles.Find(path).LoadModel(precision: MatrixPrecision.Float32);
    }

    public void Dispose()
    {
        _model.Dispose();
        _tokens.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_residual_stream_is_the_sum_of_what_the_sub_blocks_add()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> seen = Read(
            "blocks.1.hook_resid_pre", "blocks.1.hook_attn_out", "blocks.1.hook_resid_mid", "blocks.1.hook_mlp_out", "blocks.1.hook_resid_post", "blocks.2.hook_resid_pre");
        TensorAssert.CloseTo(seen["blocks.1.hook_resid_mid"], seen["blocks.1.hook_resid_pre"] + seen["blocks.1.hook_attn_out"], 0, "mid");
        TensorAssert.CloseTo(seen["blocks.1.hook_resid_post"], seen["blocks.1.hook_resid_mid"] + seen["blocks.1.hook_mlp_out"], 0, "post");
        TensorAssert.CloseTo(seen["blocks.2.hook_resid_pre"], seen["blocks.1.hook_resid_post"], 0, "next");
    }

    [Fact]
    public void Normalised_hooks_have_a_mean_square_of_one_and_the_weight_behind_them()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> seen = Read("blocks.0.ln1.hook_normalized", "blocks.0.ln2.hook_normalized", "ln_final.hook_normalized", "ln_final.hook_out");
        foreach ((string name, Tensor value) in seen.Where(pair => pair.Key.EndsWith("normalized", StringComparison.Ordinal)))
        {
            TensorAssert.CloseTo(ones(2, 6), value.square().mean([-1]), 1e-2, name);
        }

        TensorAssert.CloseTo(seen["ln_final.hook_out"], seen["ln_final.hook_normalized"] * _model.FinalNormWeight, 1e-5, "final");
    }

    [Fact]
    public void Reading_every_hook_leaves_the_logits_alone()
    {
        using var scope = NewDisposeScope();
        HookKind[] block = [.. Enum.GetValues<HookKind>().Where(kind => kind is >= HookKind.ResidualPre and <= HookKind.ResidualPost)];
        Hook[] hooks =
        [
            .. Enumerable.Range(0, 3).SelectMany(layer => block.Select(kind => new HookPoint(kind, layer)))
                .Append(new HookPoint(HookKind.Embed)).Append(new HookPoint(HookKind.FinalNormalized)).Append(new HookPoint(HookKind.FinalOut))
                .Select(point => new Hook(point, (value, _) =>
                {
                    value.shape.ShouldBe([2, 6, _model.HookWidth(point)]);
                    value.fill_(float.NaN);
                    return null;
                })),
        ];
        TensorAssert.CloseToScale(_model.Forward(_tokens)!, _model.Forward(_tokens, hooks)!, 1e-6, "logits");
    }

    [Fact]
    public void An_edit_of_the_mlps_input_leaves_the_stream_alone()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> clean = Read("blocks.0.hook_resid_mid", "blocks.0.hook_mlp_out");
        var edit = new Hook(HookPoint.Parse("blocks.0.hook_mlp_in"), (value, _) => value.neg());
        Dictionary<string, Tensor> edited = Read([edit], "blocks.0.hook_resid_mid", "blocks.0.hook_mlp_out", "blocks.0.hook_resid_post");
        TensorAssert.CloseTo(clean["blocks.0.hook_resid_mid"], edited["blocks.0.hook_resid_mid"], 0, "mid");
        (clean["blocks.0.hook_mlp_out"] - edited["blocks.0.hook_mlp_out"]).abs().max().item<float>().ShouldBeGreaterThan(1e-2f);
        TensorAssert.CloseTo(edited["blocks.0.hook_resid_mid"] + edited["blocks.0.hook_mlp_out"], edited["blocks.0.hook_resid_post"], 1e-6, "post");
    }

    [Fact]
    public void Stopping_at_the_last_hook_runs_nothing_behind_it()
    {
        using var scope = NewDisposeScope();
        int reached = 0;
        Hook[] hooks = [.. new[] { "blocks.1.hook_resid_mid", "blocks.0.hook_mlp_out" }.Select(name => new Hook(HookPoint.Parse(name), (_, _) =>
        {
            reached++;
            return null;
        }))];
        _model.Forward(_tokens, hooks, stopAtLastHook: true).ShouldBeNull();
        reached.ShouldBe(2);
    }

    [Fact]
    public void A_text_read_in_pieces_through_a_cache_gives_the_logits_of_the_whole()
    {
        using var scope = NewDisposeScope();
        using var cache = new KvCache(_model.Config.Layers, capacity: 2);
        Tensor[] pieces = [.. new[] { (0, 3), (3, 1), (4, 2) }.Select(cut => _model.Forward(_tokens.narrow(1, cut.Item1, cut.Item2), cache: cache)!)];
        TensorAssert.CloseToScale(_model.Forward(_tokens)!, cat(pieces, 1), 1e-5, "logits");
        cache.Length.ShouldBe(6);
    }

    [Fact]
    public void Bfloat16_products_stay_within_their_rounding_of_float32()
    {
        using var scope = NewDisposeScope();
        using LanguageModel rounded = ModelFiles.Find(_folder.At("model")).LoadModel(precision: MatrixPrecision.BFloat16);
        rounded.ComputeType.ShouldBe(ScalarType.BFloat16);
        TensorAssert.CloseToScale(_model.Forward(_tokens)!, rounded.Forward(_tokens)!, 0.03, "logits");
    }

    [Fact]
    public void A_pass_leaves_no_tensor_behind_but_its_logits()
    {
        _model.Forward(_tokens)!.Dispose();
        using DisposeScope scope = NewDisposeScope();
        for (int i = 0; i < 3; i++)
        {
            using Tensor logits = _model.Forward(_tokens)!;
        }

        scope.DisposablesCount.ShouldBe(0);
    }

    [Fact]
    public void LogitEffect_is_the_folded_and_centred_product_with_the_unembedding()
    {
        using var scope = NewDisposeScope();
        Tensor directions = randn(3, _model.Config.Width);
        Tensor product = (directions * _model.FinalNormWeight).matmul(_model.UnembedWeight.t());
        TensorAssert.CloseTo(product - product.mean([1], keepdim: true), _model.LogitEffect(directions), 1e-5, "effect");
    }

    [Theory]
    [InlineData("blocks.1.attn.hook_z", "blocks.1.hook_attn_out")]
    [InlineData("blocks.2.mlp.hook_post", "blocks.2.hook_mlp_out")]
    public void The_effect_of_a_direction_inside_a_sub_block_is_that_of_what_the_sub_block_makes_of_it(string inside, string written)
    {
        using var scope = NewDisposeScope();
        HookPoint point = HookPoint.Parse(inside);
        Tensor direction = randn(1, _model.HookWidth(point));
        Tensor clean = Read(written)[written];
        Tensor edited = Read([new Hook(point, (value, _) => value + direction)], written)[written];
        Tensor added = (edited - clean)[0, 0].unsqueeze(0);

        TensorAssert.CloseTo(_model.LogitEffect(added), _model.LogitEffect(point, direction), 1e-4, inside);
    }

    [Fact]
    public void Every_hook_has_a_direct_effect_or_a_reason_why_not()
    {
        using var scope = NewDisposeScope();
        foreach (HookKind kind in Enum.GetValues<HookKind>())
        {
            var point = new HookPoint(kind, kind is >= HookKind.ResidualPre and <= HookKind.ResidualPost ? 1 : null);
            if (DirectEffect.Formula(point) is null)
            {
                DirectEffect.WhyNone(point).ShouldContain(point.Name);
                Should.Throw<WorkbenchException>(() => _model.LogitEffect(point, randn(1, _model.Config.Width))).Message.ShouldContain(point.Name);
            }
            else if (_model.Has(point))
            {
                DirectEffect.WhyNone(point).ShouldBeEmpty();
                Tensor effect = _model.LogitEffect(point, randn(2, _model.HookWidth(point)));
                TensorAssert.CloseTo(zeros(2), effect.mean([1]), 1e-5, point.Name);
            }
        }
    }

    [Fact]
    public void The_effect_behind_the_final_norm_is_the_change_of_the_logits()
    {
        using var scope = NewDisposeScope();
        var point = new HookPoint(HookKind.FinalOut);
        Tensor direction = randn(1, _model.Config.Width);
        Tensor change = _model.Forward(_tokens, [new Hook(point, (value, _) => value + direction)])! - _model.Forward(_tokens)!;

        TensorAssert.CloseTo(change[0, 0] - change[0, 0].mean(), _model.LogitEffect(point, direction)[0], 1e-4, "change");
    }

    [Fact]
    public void Calls_that_the_model_cannot_answer_are_refused()
    {
        Should.Throw<WorkbenchException>(() => Read("blocks.3.hook_resid_post")).Message.ShouldContain("blocks are 0 to 2");
        Should.Throw<WorkbenchException>(() => Read("hook_pos_embed")).Message.ShouldContain("llama");
        using Tensor unknown = tensor(new long[] { TinyModel.VocabularySize }, [1, 1]);
        Should.Throw<WorkbenchException>(() => _model.Forward(unknown)).Message.ShouldContain("vocabulary");
        using Tensor tooLong = zeros(1, _model.Config.ContextLength + 1, ScalarType.Int64);
        Should.Throw<WorkbenchException>(() => _model.Forward(tooLong)).Message.ShouldContain("context");
        using Tensor leftPadded = tensor(new long[] { 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, [2, 6]);
        Should.Throw<WorkbenchException>(() => _model.Forward(_tokens, attentionMask: leftPadded)).Message.ShouldContain("right");
    }

    private Dictionary<string, Tensor> Read(params string[] names)
    {
        return Read([], names);
    }

    private Dictionary<string, Tensor> Read(Hook[] edits, params string[] names)
    {
        var seen = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        _ = _model.Forward(_tokens, [.. edits, .. names.Select(name => new Hook(HookPoint.Parse(name), (value, _) =>
        {
            seen[name] = value.DetachFromDisposeScope();
            return null;
        }))], stopAtLastHook: true);
        return seen;
    }
}
