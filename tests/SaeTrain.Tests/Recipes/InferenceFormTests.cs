using System.Text.Json;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Data;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Recipes;

public sealed class InferenceFormTests : IDisposable
{
    private readonly string _workspace = Directory.CreateTempSubdirectory("inference").FullName;

    public static TheoryData<string> Normalising()
    {
        return [.. RecipeRegistry.All.Where(recipe => recipe.Peer == "dictionary-learning").Select(recipe => recipe.Name)];
    }

    [Theory]
    [MemberData(nameof(Normalising))]
    public void What_was_trained_on_scaled_activations_reconstructs_them_as_harvested(string recipe)
    {
        using var scope = NewDisposeScope();
        using var run = new RecipeRun(recipe, 40, new Dictionary<string, JsonElement> { ["normalize_activations"] = JsonSerializer.SerializeToElement(true) });
        run.Constants.InputScale.ShouldNotBe(1);
        run.RunTo(40);
        using var sut = (SparseAutoencoder)run.Objective.ToInference(Template(), run.Optimizer.ForInference);
        TrainingBatch raw = run.Batch(40);
        TrainingBatch scaled = run.Batch(40);
        run.Constants.Scale(scaled);

        Tensor actual = sut.Reconstruct(raw.Input);

        Tensor trained = run.Objective.Forward(scaled, 40).Reconstruction / run.Constants.OutputScale;
        Tensor gaps = ((actual - trained).norm(1) / trained.norm(1)).sort().Values;
        bool same = sut.Threshold is null || recipe.Contains("jumprelu", StringComparison.Ordinal);
        gaps[RecipeRun.Rows * 9 / 10].item<float>().ShouldBeLessThan(same ? 1e-5f : 0.7f);
    }

    [Theory]
    [InlineData("dictionary-learning-batchtopk")]
    [InlineData("dictionary-learning-matryoshka")]
    public void A_batch_wide_choice_is_exported_with_a_threshold_that_keeps_about_as_many(string recipe)
    {
        using var scope = NewDisposeScope();
        using var run = new RecipeRun(recipe, 60, new Dictionary<string, JsonElement> { ["k"] = JsonSerializer.SerializeToElement(4) });
        run.RunTo(60);
        using var sut = (SparseAutoencoder)run.Objective.ToInference(Template(), run.Optimizer.ForInference);

        double kept = Enumerable.Range(60, 10).Average(step => (sut.Encode(run.Batch(step).Input) > 0).sum().item<long>() / (double)RecipeRun.Rows);

        kept.ShouldBeInRange(3, 6);
    }

    [Fact]
    public void A_threshold_that_has_not_begun_is_taken_from_the_last_batch()
    {
        using var scope = NewDisposeScope();
        using var run = new RecipeRun("dictionary-learning-batchtopk", 60, new Dictionary<string, JsonElement>
        {
            ["k"] = JsonSerializer.SerializeToElement(4),
            ["threshold_start_step"] = JsonSerializer.SerializeToElement(1000),
        });
        run.RunTo(60);
        using var sut = (SparseAutoencoder)run.Objective.ToInference(Template(), run.Optimizer.ForInference);

        sut.Threshold!.min().item<float>().ShouldBeGreaterThan(0);
        (sut.Encode(run.Batch(59).Input) > 0).sum().item<long>().ShouldBeInRange(3 * RecipeRun.Rows, 5 * RecipeRun.Rows);
    }

    [Theory]
    [InlineData("sparsify-transcoder")]
    [InlineData("sparsify-skip-transcoder")]
    [InlineData("sparsify-transcoder-signum")]
    public void A_transcoder_reconstructs_the_output_hook_from_the_input_hook(string recipe)
    {
        using var scope = NewDisposeScope();
        using var run = new RecipeRun(recipe, 300, new Dictionary<string, JsonElement> { ["k"] = JsonSerializer.SerializeToElement(6) });
        run.RunTo(300);
        using var sut = (SparseAutoencoder)run.Objective.ToInference(Template(), run.Optimizer.ForInference);
        TrainingBatch batch = run.Batch(299);

        Tensor error = sut.Reconstruct(batch.Input) - batch.Target;

        double share = (error.pow(2).sum() / (batch.Target - batch.Target.mean([0])).pow(2).sum()).item<float>();
        share.ShouldBeLessThan(0.7);
        sut.Config.IsTranscoder.ShouldBeTrue();
        (sut.Weights.Skip is not null).ShouldBe(recipe.Contains("skip", StringComparison.Ordinal));
    }

    [Fact]
    public void Paired_rows_are_those_of_the_same_tokens_and_a_place_in_their_order_comes_back()
    {
        using var scope = NewDisposeScope();
        var harvests = new SyntheticHarvest { Hooks = ["a", "b"], Rows = 300 };
        using Harvest harvest = Harvest.Open(harvests.Write(_workspace));
        using var sut = new PairedHookData(harvest, "a", "b", 64, seed: 3);
        using var single = new SingleHookData(harvest, "b", 64, seed: 3);
        for (int i = 0; i < 3; i++)
        {
            sut.Next();
        }

        (long epoch, long cursor) = (sut.Epoch, sut.Cursor);
        single.MoveTo(epoch, cursor);
        TrainingBatch batch = sut.Next();
        Tensor inputs = batch.Input.clone();

        batch.Target.Equals(single.Next().Target).ShouldBeTrue();
        batch.Input.Equals(batch.Target).ShouldBeFalse();
        sut.MoveTo(epoch, cursor);
        sut.Next().Input.Equals(inputs).ShouldBeTrue();
    }

    public void Dispose()
    {
        Directory.Delete(_workspace, recursive: true);
    }

    private static SparseAutoencoderConfig Template()
    {
        return new SparseAutoencoderConfig { Architecture = SparseArchitecture.TopK, Width = RecipeRun.Width, Latents = RecipeRun.Latents, K = 1 };
    }
}
