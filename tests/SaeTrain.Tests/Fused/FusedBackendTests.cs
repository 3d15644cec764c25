using Shouldly;
using TorchSharp;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Lanes;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training.Backends;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Fused;

public sealed class FusedBackendTests
{
    private const double Tolerance = 1e-4;
    private const int Steps = 50;

    private static readonly (string Recipe, string Options)[] s_cases =
    [
        ("openai-topk", """{"k":4,"auxk":6}"""),
        ("openai-topk", """{"k":150,"auxk":150,"auxk_coef":0.5}"""),
        ("saelens-topk", """{"k":4}"""),
        ("saelens-topk", """{"k":4,"rescale_acts_by_decoder_norm":false,"aux_loss_coefficient":0.5}"""),
        ("saelens-batchtopk", """{"k":4.3}"""),
        ("saelens-batchtopk", """{"k":4,"rescale_acts_by_decoder_norm":false}"""),
        ("saelens-matryoshka", """{"k":4,"matryoshka_widths":[20,70,150]}"""),
        ("saelens-matryoshka", """{"k":4,"matryoshka_widths":[20,70,150],"use_matryoshka_aux_loss":true,"prefix_weights":"1/G"}"""),
        ("saelens-matryoshka", """{"k":4,"matryoshka_widths":[150],"random_prefixes":4}"""),
        ("dictionary-learning-topk", """{"k":4,"threshold_start_step":10}"""),
        ("dictionary-learning-topk", """{"k":150,"auxk_alpha":0.5,"threshold_start_step":10}"""),
        ("dictionary-learning-batchtopk", """{"k":4,"auxk_alpha":0.5,"threshold_start_step":10}"""),
        ("dictionary-learning-matryoshka", """{"k":4,"threshold_start_step":10,"group_fractions":[0.2,0.3,0.5]}"""),
        ("dictionary-learning-matryoshka", """{"k":4,"auxk_alpha":0.5,"group_fractions":[0.2,0.3,0.5],"group_weights":[1,0.5,0.2]}"""),
        ("sparsify-topk", """{"k":4,"auxk_alpha":0.03}"""),
        ("sparsify-topk", """{"k":4,"auxk_alpha":0.5,"normalize_decoder":false}"""),
        ("sparsify-topk", """{"k":4,"k_initial":60,"k_decay_steps":30,"auxk_alpha":0.5}"""),
        ("saelens-jumprelu-step", """{"l0_coefficient":0.05,"l0_warm_up_steps":10,"jumprelu_init_threshold":0.1,"jumprelu_bandwidth":0.1}"""),
        ("saelens-jumprelu-step", """{"l0_coefficient":0.05,"l0_warm_up_steps":10,"jumprelu_init_threshold":0.1,"jumprelu_bandwidth":2}"""),
        ("saelens-jumprelu-tanh", """{"l0_coefficient":0.05,"l0_warm_up_steps":10,"jumprelu_init_threshold":0.9,"jumprelu_bandwidth":0.1,"pre_act_loss_coefficient":0.01}"""),
        ("saelens-jumprelu-tanh", """{"l0_coefficient":0.05,"l0_warm_up_steps":10,"jumprelu_init_threshold":0.9,"jumprelu_bandwidth":1.5,"pre_act_loss_coefficient":0.01}"""),
        ("saelens-jumprelu-tanh", """{"l0_coefficient":0.05,"l0_warm_up_steps":10,"jumprelu_bandwidth":0.5,"jumprelu_ste_to_input":true}"""),
        ("saelens-jumprelu-quadratic", """{"l0_coefficient":0.02,"l0_warm_up_steps":10,"target_l0":6,"jumprelu_bandwidth":0.2}"""),
        ("saelens-jumprelu-quadratic", """{"l0_coefficient":0.02,"l0_warm_up_steps":10,"target_l0":6,"jumprelu_bandwidth":2}"""),
    ];

    public static IEnumerable<TheoryDataRow<string, string, string>> Cases()
    {
        return s_cases.SelectMany(c => SimdPaths.Available.Select(path => new TheoryDataRow<string, string, string>(c.Recipe, c.Options, path.ToString())));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fifty_steps_equal_those_of_autograd(string recipe, string options, string path)
    {
        using var expected = FusedCase.Autograd(recipe, options);
        using var actual = FusedCase.Fused(recipe, options, Enum.Parse<SimdPath>(path));
        long dead = 0;
        for (int step = 0; step < Steps; step++)
        {
            using Tensor batch = expected.Batch(step);
            StepReport wanted = expected.Step(batch);
            StepReport found = actual.Step(batch);
            dead += wanted.Dead;
            Close(wanted, found, $"step {step}");
        }

        Close(expected, actual);
        dead.ShouldBeGreaterThan(MayDie(recipe, options) ? 0 : -1);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Screened_steps_equal_those_of_autograd_where_an_int8_product_can_propose(string recipe, string options, string path)
    {
        using var expected = FusedCase.Autograd(recipe, options);
        bool canScreen = FusedRecipes.CanScreen(expected.Objective);
        canScreen.ShouldBe(recipe.EndsWith("-topk", StringComparison.Ordinal) && !options.Contains("\"k\":150", StringComparison.Ordinal) && !options.Contains("k_decay", StringComparison.Ordinal));
        if (!canScreen)
        {
            return;
        }

        using var actual = FusedCase.Fused(recipe, options, Enum.Parse<SimdPath>(path), screens: true);
        for (int step = 0; step < Steps; step++)
        {
            using Tensor batch = expected.Batch(step);
            Close(expected.Step(batch), actual.Step(batch), $"step {step}");
        }

        Close(expected, actual);
    }

    [Fact]
    public void Every_recipe_with_a_fused_form_is_compared()
    {
        string[] fused = [.. RecipeRegistry.All.Where(recipe => HasFusedForm(recipe.Name)).Select(recipe => recipe.Name)];
        fused.ShouldBe(s_cases.Select(c => c.Recipe).Distinct(), ignoreOrder: true);
    }

    [Theory]
    [InlineData("saelens-topk", """{"k":4}""")]
    [InlineData("saelens-batchtopk", """{"k":4}""")]
    [InlineData("saelens-jumprelu-tanh", """{"l0_coefficient":0.05,"l0_warm_up_steps":10,"jumprelu_bandwidth":0.1}""")]
    public void A_state_that_one_backend_left_goes_on_in_the_other(string recipe, string options)
    {
        using var autograd = FusedCase.Autograd(recipe, options);
        using var fused = FusedCase.Fused(recipe, options, SimdPaths.Available[0]);
        for (int step = 0; step < 20; step++)
        {
            using Tensor batch = autograd.Batch(step);
            autograd.Step(batch);
            fused.Step(batch);
        }

        using var thenFused = FusedCase.Fused(recipe, options, SimdPaths.Available[0], autograd);
        using var thenAutograd = FusedCase.Autograd(recipe, options, fused);
        for (int step = 20; step < 40; step++)
        {
            using Tensor batch = autograd.Batch(step);
            autograd.Step(batch);
            thenFused.Step(batch);
            thenAutograd.Step(batch);
        }

        Close(autograd, thenFused);
        Close(autograd, thenAutograd);
    }

    [Theory]
    [InlineData("openai-topk", """{"k":4}""")]
    [InlineData("saelens-matryoshka", """{"k":4,"matryoshka_widths":[20,70,150]}""")]
    [InlineData("saelens-jumprelu-step", """{"l0_coefficient":0.05,"l0_warm_up_steps":10,"jumprelu_bandwidth":0.1}""")]
    public void The_same_steps_give_the_same_bits(string recipe, string options)
    {
        using var first = FusedCase.Fused(recipe, options, SimdPaths.Available[0]);
        using var second = FusedCase.Fused(recipe, options, SimdPaths.Available[0]);
        for (int step = 0; step < 10; step++)
        {
            using Tensor batch = first.Batch(step);
            first.Step(batch);
            second.Step(batch);
        }

        foreach ((string name, Tensor value) in first.Parameters.All)
        {
            value.detach().equal(second.Parameters[name].detach()).all().item<bool>().ShouldBeTrue(name);
        }
    }

    /// <summary>Cases in which the dead have losses of their own.</summary>
    private static bool MayDie(string recipe, string options)
    {
        return recipe.StartsWith("saelens-jumprelu", StringComparison.Ordinal)
            ? options.Contains("pre_act", StringComparison.Ordinal)
            : !options.Contains("\"k\":150", StringComparison.Ordinal);
    }

    private static bool HasFusedForm(string recipe)
    {
        using var autograd = FusedCase.Autograd(recipe, "{}");
        return FusedRecipes.Refusal(autograd.Objective, autograd.Optimizer) is null;
    }

    private static void Close(StepReport expected, StepReport actual, string place)
    {
        actual.Losses.Keys.ShouldBe(expected.Losses.Keys, ignoreOrder: true);
        foreach ((string name, double value) in expected.Losses)
        {
            actual.Losses[name].ShouldBe(value, (Tolerance * Math.Abs(value)) + 1e-9, $"{place}, {name}");
        }

        actual.Total.ShouldBe(expected.Total, Tolerance * Math.Abs(expected.Total), place);
        actual.GradientNorm.ShouldBe(expected.GradientNorm, Tolerance * expected.GradientNorm, place);
        actual.L0.ShouldBe(expected.L0, 0.05, place);
        actual.Dead.ShouldBe(expected.Dead, place);
    }

    private static void Close(FusedCase expected, FusedCase actual)
    {
        foreach ((string name, Tensor value) in expected.Parameters.All)
        {
            TensorAssert.CloseToScale(value.detach(), actual.Parameters[name].detach(), Tolerance, name);
        }

        foreach ((string name, Tensor value) in expected.Optimizer.State)
        {
            TensorAssert.CloseToScale(value, actual.Optimizer.State.Single(state => state.Name == name).Value, Tolerance, name);
        }
    }
}
