using System.Text.Json;
using Workbench.SaeTrain.Recipes;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Recipes;

public sealed class ResumedRecipeTests
{
    public static TheoryData<string> Recipes()
    {
        return [.. RecipeRegistry.All
            .Where(recipe => recipe.Peer is "dictionary-learning" or "eai-sparsify")
            .Select(recipe => recipe.Name)];
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Fresh_objects_with_the_state_of_a_run_go_on_bit_by_bit_as_it_does(string recipe)
    {
        GoOn(recipe, new Dictionary<string, JsonElement>());
    }

    [Theory]
    [InlineData("dictionary-learning-standard", "resample_steps", 4)]
    [InlineData("sparsify-topk", "k_decay_steps", 15)]
    [InlineData("sparsify-topk", "auxk_alpha", 1)]
    public void The_same_with_what_is_off_by_default(string recipe, string option, long value)
    {
        GoOn(recipe, new Dictionary<string, JsonElement> { [option] = JsonSerializer.SerializeToElement(value) });
    }

    private static void GoOn(string recipe, IReadOnlyDictionary<string, JsonElement> options)
    {
        const int All = 24;
        using var whole = new RecipeRun(recipe, All, options);
        whole.RunTo(All / 2);
        using RecipeRun resumed = whole.Copy();
        Tensor half = whole.Parameters.Encoder.detach().clone();

        whole.RunTo(All);
        resumed.RunTo(All);

        half.Equals(whole.Parameters.Encoder.detach()).ShouldBeFalse();
        Same(whole.Parameters.All, resumed.Parameters.All);
        Same(whole.Optimizer.State, resumed.Optimizer.State);
        Same(whole.Objective.State, resumed.Objective.State);
    }

    private static void Same(IReadOnlyList<(string Name, Tensor Value)> expected, IReadOnlyList<(string Name, Tensor Value)> actual)
    {
        actual.Select(state => state.Name).ShouldBe(expected.Select(state => state.Name));
        for (int i = 0; i < expected.Count; i++)
        {
            expected[i].Value.isfinite().all().item<bool>().ShouldBeTrue(expected[i].Name);
            expected[i].Value.detach().Equals(actual[i].Value.detach()).ShouldBeTrue(expected[i].Name);
        }
    }
}
