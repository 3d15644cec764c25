using System.Text.Json;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes.DictionaryLearning.Standard;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Recipes;

public sealed class ResamplingTests
{
    private const long Period = 6;
    private const int Silent = 5;

    [Fact]
    public void Silent_latents_take_the_direction_of_drawn_rows_and_the_others_stay()
    {
        using var scope = NewDisposeScope();
        using RecipeRun run = Silenced(Silent);
        run.RunTo(Period);
        Tensor before = run.Parameters.Encoder.detach().narrow(0, Silent, RecipeRun.Latents - Silent).clone();

        run.RunTo(Period + 1);

        Tensor living = run.Parameters.Encoder.detach().narrow(0, Silent, RecipeRun.Latents - Silent);
        living.Equals(before).ShouldBeTrue();
        TrainingBatch batch = run.Batch(Period);
        run.Constants.Scale(batch);
        Tensor rows = batch.Input;
        Tensor directions = run.Parameters.Decoder.detach().narrow(0, 0, Silent);
        (Tensor alike, Tensor drawn) = directions.mm((rows / rows.norm(1, true)).t()).max(1);
        alike.min().item<float>().ShouldBeGreaterThan(0.9999f);
        drawn.data<long>().ToArray().ShouldBeUnique();
        Tensor expected = rows.index_select(0, drawn) * living.norm(1).mean() * 0.2;
        TensorAssert.CloseToScale(expected, run.Parameters.Encoder.detach().narrow(0, 0, Silent), 1e-5, "encoder rows");
        run.Parameters.EncoderBias.detach().narrow(0, 0, Silent).abs().max().item<float>().ShouldBe(0);
    }

    [Fact]
    public void The_moments_of_renewed_latents_are_forgotten_and_those_of_others_are_not()
    {
        using var scope = NewDisposeScope();
        using RecipeRun run = Silenced(Silent);

        run.RunTo(Period + 1);

        foreach ((string name, Tensor moment) in run.Optimizer.State.Where(state => !state.Name.EndsWith("decoder_bias", StringComparison.Ordinal)))
        {
            moment.narrow(0, 0, Silent).abs().max().item<float>().ShouldBe(0, name);
            moment.narrow(0, Silent, RecipeRun.Latents - Silent).abs().max().item<float>().ShouldBeGreaterThan(0, name);
        }
    }

    [Fact]
    public void Rows_are_drawn_once_each_by_seed_and_step_and_heavier_ones_more_often()
    {
        using var scope = NewDisposeScope();
        Tensor weights = tensor(new[] { 1f, 0f, 4f, 1f, 2f, 0f });
        var sut = new SeededRowDraw(3);

        long[] drawn = [.. sut.Draw(weights, 4, 7).data<long>()];

        drawn.Order().ShouldBe([0, 2, 3, 4]);
        sut.Draw(weights, 4, 7).data<long>().ToArray().ShouldBe(drawn);
        long[] firsts = [.. Enumerable.Range(0, 4000).Select(step => sut.Draw(weights, 1, step).item<long>())];
        firsts.Count(row => row == 2).ShouldBeInRange(1850, 2150);
        firsts.Count(row => row == 4).ShouldBeInRange(870, 1130);
        firsts.ShouldNotContain(1);
    }

    /// <summary>A run whose first latents cannot fire.</summary>
    private static RecipeRun Silenced(int silent)
    {
        var run = new RecipeRun("dictionary-learning-standard", 30, Options(Period));
        using var noGradient = no_grad();
        run.Parameters.EncoderBias.narrow(0, 0, silent).fill_(-1000);
        return run;
    }

    private static Dictionary<string, JsonElement> Options(long period)
    {
        return new Dictionary<string, JsonElement> { ["resample_steps"] = JsonSerializer.SerializeToElement(period) };
    }
}
