using TorchSharp;
using Workbench.Interventions;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Interventions;

public sealed class EditPlanTests : IDisposable
{
    private const string Hook = "blocks.0.hook_resid_post";
    private readonly TemporaryFolder _folder = new();
    private readonly HandDictionary _dictionary = new();
    private readonly LanguageModel _model;

    public EditPlanTests()
    {
        string model = new TinyModel { Layers = 1, Width = HandDictionary.Width, Intermediate = 8 }.Write(_folder.At("model"));
        _model = ModelFiles.Find(model).LoadModel(precision: MatrixPrecision.Float32);
    }

    public void Dispose()
    {
        _model.Dispose();
        _dictionary.Dispose();
        _folder.Dispose();
    }

    // x = (3, 2, 5, 7): z0 = 3 with d0 = (2, 0, 0, 0); z1 = 1 with d1 = (0, 3, 4, 0), |d1|^2 = 25, x.d1 = 26. Maxima are 10 and 20.
    [Theory]
    [InlineData("add", 0, 0.5, "max", new[] { 13f, 2, 5, 7 })]
    [InlineData("add", 0, 0.5, "raw", new[] { 4f, 2, 5, 7 })]
    [InlineData("add", 0, 0.5, null, new[] { 13f, 2, 5, 7 })]
    [InlineData("clamp", 0, 0.5, "max", new[] { 7f, 2, 5, 7 })]
    [InlineData("clamp", 1, 0.0, "raw", new[] { 3f, -1, 1, 7 })]
    [InlineData("scale", 0, 3.0, null, new[] { 15f, 2, 5, 7 })]
    [InlineData("zero", 0, null, null, new[] { -3f, 2, 5, 7 })]
    [InlineData("zero", 1, null, null, new[] { 3f, -1, 1, 7 })]
    [InlineData("cap", 0, 1.0, "raw", new[] { -1f, 2, 5, 7 })]
    [InlineData("cap", 0, 4.0, "raw", new[] { 3f, 2, 5, 7 })]
    [InlineData("project_out", 1, null, null, new[] { 3f, 2 - (78f / 25), 5 - (104f / 25), 7 })]
    public void A_latents_edit_gives_the_value_of_its_formula(string operation, int latent, double? strength, string? unit, float[] expected)
    {
        string json = $$"""
            {"version":1,"edits":[{"hook":"{{Hook}}","operation":"{{operation}}","dictionary":"d","latent":{{latent}}{{Field("strength", strength)}}{{Field("unit", unit)}} }]}
            """;
        ShouldBecome(json, [3, 2, 5, 7], expected);
    }

    // x = (3, 2, 5, 7) and v = (0, 3, 4, 0): x.v = 26, |v|^2 = 25, coefficient 1.04.
    [Theory]
    [InlineData("add", 2.0, null, new[] { 3f, 8, 13, 7 })]
    [InlineData("clamp", 2.0, "raw", new[] { 3f, 2 + (0.96f * 3), 5 + (0.96f * 4), 7 })]
    [InlineData("scale", 0.0, "raw", new[] { 3f, 2 - (1.04f * 3), 5 - (1.04f * 4), 7 })]
    [InlineData("zero", null, null, new[] { 3f, 2 - (1.04f * 3), 5 - (1.04f * 4), 7 })]
    [InlineData("cap", 1.0, "raw", new[] { 3f, 2 - (0.04f * 3), 5 - (0.04f * 4), 7 })]
    [InlineData("project_out", null, null, new[] { 3f, 2 - (1.04f * 3), 5 - (1.04f * 4), 7 })]
    public void A_vectors_edit_gives_the_value_of_its_formula(string operation, double? strength, string? unit, float[] expected)
    {
        string json = $$"""
            {"version":1,"edits":[{"hook":"{{Hook}}","operation":"{{operation}}","vector":[0,3,4,0]{{Field("strength", strength)}}{{Field("unit", unit)}} }]}
            """;
        ShouldBecome(json, [3, 2, 5, 7], expected);
    }

    [Fact]
    public void A_strength_in_norms_adds_a_vector_of_that_share_of_the_activations_length()
    {
        string json = $$"""{"version":1,"edits":[{"hook":"{{Hook}}","operation":"add","vector":[0,3,4,0],"strength":0.5,"unit":"norm"}]}""";
        ShouldBecome(json, [6, 0, 8, 0], [6, 3, 12, 0]);
    }

    [Theory]
    [InlineData(2.9, new[] { 4f, 2, 5, 7 })]
    [InlineData(3.0, new[] { 3f, 2, 5, 7 })]
    public void A_condition_lets_an_edit_act_only_where_its_latent_is_above_the_threshold(double above, float[] expected)
    {
        string json = $$"""
            {"version":1,"edits":[{"hook":"{{Hook}}","operation":"add","dictionary":"d","latent":0,"strength":0.5,"unit":"raw","when":{"latent":0,"above":{{above}} } }]}
            """;
        ShouldBecome(json, [3, 2, 5, 7], expected);
    }

    // The prompt has 3 tokens; the first pass sees positions 0 to 2, the next ones a position each.
    [Theory]
    [InlineData("\"all\"", new[] { 1, 1, 1 }, 1, 1)]
    [InlineData("\"prompt\"", new[] { 1, 1, 1 }, 0, 0)]
    [InlineData("\"generated\"", new[] { 0, 0, 0 }, 1, 1)]
    [InlineData("\"last\"", new[] { 0, 0, 1 }, 1, 1)]
    [InlineData("[1,3]", new[] { 0, 1, 1 }, 1, 0)]
    [InlineData("[4,4]", new[] { 0, 0, 0 }, 0, 1)]
    public void Positions_are_counted_from_the_start_of_the_text(string positions, int[] prompt, int third, int fourth)
    {
        using var scope = NewDisposeScope();
        EditPlan plan = EditPlan.Parse(
            $$"""{"version":1,"edits":[{"hook":"{{Hook}}","operation":"add","vector":[1,0,0,0],"strength":1,"positions":{{positions}} }]}""");
        Hook hook = plan.ToHooks(_model, EditResources.None, promptLength: 3)[0];
        Changed(hook, 0, 3).ShouldBe(prompt);
        Changed(hook, 3, 1).ShouldBe([third]);
        Changed(hook, 4, 1).ShouldBe([fourth]);
    }

    [Fact]
    public void Edits_at_one_hook_apply_in_order_and_change_the_models_logits()
    {
        using var scope = NewDisposeScope();
        EditPlan plan = EditPlan.Parse($$"""
            {"version":1,"edits":[
              {"hook":"{{Hook}}","operation":"add","vector":[0,0,0,5],"strength":1},
              {"hook":"{{Hook}}","operation":"project_out","vector":[0,0,0,2]}]}
            """);
        Tensor tokens = tensor(new long[] { 1, 2, 3 }, [1, 3]);
        var only = new Hook(HookPoint.Parse(Hook), (value, _) =>
        {
            value.narrow(2, 3, 1).zero_();
            return value;
        });
        Tensor expected = _model.Forward(tokens, [only])!;
        Tensor edited = _model.Forward(tokens, plan.ToHooks(_model, EditResources.None, 3))!;
        TensorAssert.CloseToScale(expected, edited, 1e-6, "logits");
        (edited - _model.Forward(tokens)!).abs().max().item<float>().ShouldBeGreaterThan(1e-3f);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        const string Json = """
            {"version":1,"edits":[
              {"hook":"blocks.0.hook_resid_post","operation":"project_out","vector":[1,2,3,0.5],"positions":"generated"},
              {"hook":"blocks.0.hook_mlp_out","operation":"clamp","dictionary":"d","latent":7,"strength":-2,"unit":"max","positions":[2,5],"when":{"latent":3,"above":0.25}}]}
            """;
        EditPlan plan = EditPlan.Parse(Json);
        EditPlan again = EditPlan.Parse(plan.ToJson());
        again.ToJson().ShouldBe(plan.ToJson());
        again.Edits.Count.ShouldBe(2);
        again.Edits[1].ShouldBe(plan.Edits[1]);
        again.Edits[0].Vector.ShouldBe([1, 2, 3, 0.5f]);
    }

    private static string Field(string name, object? value)
    {
        return value switch
        {
            null => string.Empty,
            string text => $",\"{name}\":\"{text}\"",
            _ => FormattableString.Invariant($",\"{name}\":{value}"),
        };
    }

    private static int[] Changed(Hook hook, int firstPosition, int columns)
    {
        using var scope = NewDisposeScope();
        Tensor? result = hook.Action(zeros(1, columns, HandDictionary.Width), new HookContext(hook.Point, firstPosition, null));
        return result is null ? new int[columns] : [.. result.select(2, 0).flatten().data<float>().ToArray().Select(value => (int)value)];
    }

    private void ShouldBecome(string json, float[] x, float[] expected)
    {
        using var scope = NewDisposeScope();
        var resources = new EditResources(_ => _dictionary, (_, latent) => latent == 0 ? 10 : 20);
        Hook hook = EditPlan.Parse(json).ToHooks(_model, resources, 1)[0];
        Tensor result = hook.Action(tensor(x, [1, 1, HandDictionary.Width]), new HookContext(hook.Point, 0, null))!;
        TensorAssert.CloseTo(tensor(expected), result.flatten(), 1e-5, json);
    }
}
