using System.Text.Json;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Optimization;
using Workbench.SaeTrain.Training.Scaling;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Training;

public sealed class DictionaryTrainerTests
{
    [Fact]
    public void A_batch_that_is_not_finite_is_refused_before_it_reaches_the_weights()
    {
        using var scope = NewDisposeScope();
        IRecipe recipe = RecipeRegistry.Find("openai-topk", null);
        Tensor x = randn(32, 8, generator: new Generator(1));
        TrainingConfig config = RecipeConfig.Of(recipe, new RunSizes(8, 8, 24, 32, 10), new Dictionary<string, JsonElement>());
        using ParameterSet parameters = recipe.Initialise(config, new TrainingBatch(x), CPU);
        using IOptimizer optimizer = recipe.Optimizer(config, parameters);
        DataConstants constants = recipe.Measure(config, new TrainingBatch(x));
        using ITrainingObjective objective = recipe.Objective(config, parameters, constants);
        using var backend = new AutogradBackend(objective, optimizer, null, null);
        var sut = new DictionaryTrainer(objective, optimizer, recipe.LearningRate(config), constants, backend);
        Tensor before = parameters.Encoder.detach().clone();
        Tensor bad = x.clone();
        bad[5, 3] = float.NaN;

        string message = Should.Throw<WorkbenchException>(() => sut.Step(new TrainingBatch(bad))).Message;

        message.ShouldContain("not finite");
        parameters.Encoder.detach().Equals(before).ShouldBeTrue();
        sut.Steps.ShouldBe(0);
    }

    [Fact]
    public void The_vectorised_update_equals_that_of_tensor_operations()
    {
        using var scope = NewDisposeScope();
        var random = new Generator(2);
        var update = new AdamStep(0.9f, 0.99f, 0.1f, 0.01f, 0.01f, 0.3f, 1e-3f);
        Tensor[] weights = [randn(1001, generator: random), zeros(1001), zeros(1001)];
        Tensor[] same = [.. weights.Select(tensor => tensor.clone())];

        for (int step = 0; step < 3; step++)
        {
            Tensor gradient = randn(1001, generator: random);
            CpuAdam.Update(weights[0], gradient, weights[1], weights[2], update);
            AdamOptimizer.Update(same[0], gradient, same[1], same[2], update);
        }

        for (int i = 0; i < weights.Length; i++)
        {
            TensorAssert.CloseToScale(same[i], weights[i], 1e-6, $"tensor {i}");
        }
    }

    [Fact]
    public void The_geometric_median_is_not_moved_by_a_far_outlier_as_the_mean_is()
    {
        using var scope = NewDisposeScope();
        Tensor sample = randn(501, 3, generator: new Generator(3));
        sample[0] = tensor(new[] { 1e5f, 1e5f, 1e5f });

        Tensor median = GeometricMedian.Of(sample);

        median.abs().max().item<float>().ShouldBeLessThan(0.3f);
        Tensor direction = (sample - median) / (sample - median).norm(1, true);
        direction.mean([0]).norm().item<float>().ShouldBeLessThan(0.02f);
    }

    [Fact]
    public void The_learning_rate_rises_stays_and_falls()
    {
        var sut = new WarmUpAndDecay(2, 4, 5, 20);

        sut.At(0).ShouldBe(0.5);
        sut.At(3).ShouldBe(2);
        sut.At(14).ShouldBe(2);
        sut.At(15).ShouldBe(2);
        sut.At(19).ShouldBe(0.4, 1e-12);
    }
}
