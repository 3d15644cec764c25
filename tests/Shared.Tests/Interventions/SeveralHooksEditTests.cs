using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Interventions;
using Workbench.Models;
using Workbench.Numerics;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Interventions;

public sealed class SeveralHooksEditTests : IDisposable
{
    private const string Before = "blocks.0.hook_resid_mid";
    private const string After = "blocks.0.hook_resid_post";
    private const int Width = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly LanguageModel _model;

    public SeveralHooksEditTests()
    {
        _model = ModelFiles.Find(new TinyModel { Layers = 1, Width = Width, Intermediate = 8 }.Write(_folder.At("model"))).LoadModel(precision: MatrixPrecision.Float32);
    }

    [Fact]
    public void A_crosscoders_latent_moves_each_hook_along_its_own_direction()
    {
        using var scope = NewDisposeScope();
        using Crosscoder crosscoder = Crosscoder();
        EditPlan plan = Plan($$"""{"hook":"{{Before}}","operation":"add","dictionary":"d","latent":1,"strength":0.5}""", $$"""{"hook":"{{After}}","operation":"project_out","dictionary":"d","latent":1}""");

        IReadOnlyList<Hook> hooks = plan.ToHooks(_model, Resources(crosscoder), 1);

        Tensor x = tensor(new[] { 1f, 2, 3, 4 });
        TensorAssert.CloseTo(x + (crosscoder.Direction(1, 0) * 5), Apply(hooks[0], x), 1e-5, "added");
        Tensor second = crosscoder.Direction(1, 1);
        TensorAssert.CloseTo(x - (second * (x.dot(second) / second.dot(second))), Apply(hooks[1], x), 1e-5, "projected out");
    }

    [Theory]
    [InlineData(Before, "clamp", ",\"strength\":1", "use add or project_out")]
    [InlineData("blocks.0.hook_mlp_out", "add", ",\"strength\":1", "use one of these hooks")]
    public void What_a_crosscoder_does_not_define_is_refused_with_dictionary_and_hooks(string hook, string operation, string rest, string expected)
    {
        using Crosscoder crosscoder = Crosscoder();
        EditPlan plan = Plan($$"""{"hook":"{{hook}}","operation":"{{operation}}","dictionary":"d","latent":1{{rest}} }""");

        string message = Should.Throw<WorkbenchException>(() => plan.ToHooks(_model, Resources(crosscoder), 1)).Message;

        message.ShouldContain("'d'");
        message.ShouldContain(hook);
        message.ShouldContain(After);
        message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("clamp", 1.5)]
    [InlineData("scale", 3.0)]
    [InlineData("zero", null)]
    [InlineData("cap", 0.25)]
    public void A_transcoders_latent_is_read_at_its_input_and_written_at_its_output(string operation, double? strength)
    {
        using var scope = NewDisposeScope();
        using SparseAutoencoder transcoder = Transcoder(Before, After);
        string amount = strength is null ? string.Empty : FormattableString.Invariant($",\"strength\":{strength},\"unit\":\"raw\"");
        EditPlan plan = Plan($$"""{"hook":"{{After}}","operation":"{{operation}}","dictionary":"d","latent":2{{amount}} }""");

        IReadOnlyList<Hook> hooks = plan.ToHooks(_model, Resources(transcoder), 1);

        Tensor tokens = tensor(new long[] { 1, 2, 3 }, [1, 3]);
        using var clean = new HookCapture([HookPoint.Parse(Before), HookPoint.Parse(After)]);
        using var edited = new HookCapture([HookPoint.Parse(After)]);
        _model.Forward(tokens, clean.Hooks);
        _model.Forward(tokens, [.. hooks, .. edited.Hooks]);
        Tensor z = transcoder.Encode(clean[HookPoint.Parse(Before)]).narrow(-1, 2, 1);
        Tensor moved = operation switch
        {
            "clamp" => strength!.Value - z,
            "scale" => z * (strength!.Value - 1),
            "zero" => -z,
            _ => z.clamp_max(strength!.Value) - z,
        };
        moved.abs().max().item<float>().ShouldBeGreaterThan(0.01f);
        TensorAssert.CloseToScale(clean[HookPoint.Parse(After)] + (moved * transcoder.Direction(2)), edited[HookPoint.Parse(After)], 1e-5, operation);
    }

    [Fact]
    public void A_transcoder_whose_input_comes_after_its_output_is_refused()
    {
        using SparseAutoencoder transcoder = Transcoder(After, Before);
        EditPlan plan = Plan($$"""{"hook":"{{Before}}","operation":"zero","dictionary":"d","latent":2}""");

        Should.Throw<WorkbenchException>(() => plan.ToHooks(_model, Resources(transcoder), 1)).Message.ShouldContain(After);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    private static Tensor Apply(Hook hook, Tensor x)
    {
        return hook.Action(x.clone().reshape(1, 1, Width), new HookContext(hook.Point, 0, null))!.flatten();
    }

    private static EditPlan Plan(params string[] edits)
    {
        return EditPlan.Parse($$"""{"version":1,"edits":[{{string.Join(',', edits)}}]}""");
    }

    private static EditResources Resources(ILatentModel dictionary)
    {
        return new EditResources(_ => dictionary, (_, _) => 10);
    }

    private static Crosscoder Crosscoder()
    {
        using var scope = NewDisposeScope();
        var random = new torch.Generator(4);
        var config = new SparseAutoencoderConfig { Architecture = SparseArchitecture.Relu, Width = 2 * Width, Latents = 6, Hook = $"{Before} + {After}" };
        return new Crosscoder(
            [new DictionarySite(Before, Width), new DictionarySite(After, Width)],
            new SparseAutoencoder(config, randn(2 * Width, 6, generator: random), zeros(6), randn(6, 2 * Width, generator: random), zeros(2 * Width)));
    }

    private static SparseAutoencoder Transcoder(string input, string output)
    {
        using var scope = NewDisposeScope();
        var random = new torch.Generator(4);
        var config = new SparseAutoencoderConfig
        {
            Architecture = SparseArchitecture.Relu, Width = Width, Latents = 6, Hook = input, OutputHook = output, OutputWidth = Width, SubtractDecoderBias = false,
        };
        return new SparseAutoencoder(config, randn(Width, 6, generator: random), ones(6), randn(6, Width, generator: random), zeros(Width));
    }
}
