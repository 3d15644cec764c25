using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training;
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
        TrainingConfig config = Config(recipe);
        using DictionaryParameters parameters = recipe.Initialise(config, x, CPU);
        using var optimizer = new AdamOptimizer(parameters, 0.9, 0.999, 1e-8);
        using TopKObjective objective = recipe.Objective(config, parameters, recipe.ErrorScale(x));
        var sut = new DictionaryTrainer(objective, parameters, optimizer, new LearningRateSchedule(1e-3, 0, 0, 10), null);
        Tensor before = parameters.Encoder.detach().clone();
        Tensor bad = x.clone();
        bad[5, 3] = float.NaN;

        string message = Should.Throw<WorkbenchException>(() => sut.Step(bad, null)).Message;

        message.ShouldContain("not finite");
        parameters.Encoder.detach().Equals(before).ShouldBeTrue();
        sut.Steps.ShouldBe(0);
    }

    [Fact]
    public void The_vectorised_update_equals_that_of_tensor_operations()
    {
        using var scope = NewDisposeScope();
        var random = new Generator(2);
        using var parameters = new DictionaryParameters(randn(7, 5, generator: random), zeros(7), randn(7, 5, generator: random), zeros(5), CPU);
        using var sut = new AdamOptimizer(parameters, 0.9, 0.99, 1e-3);
        Tensor[] weights = [randn(1001, generator: random), zeros(1001), zeros(1001)];
        Tensor[] same = [.. weights.Select(tensor => tensor.clone())];

        for (int step = 0; step < 3; step++)
        {
            Tensor gradient = randn(1001, generator: random);
            sut.UpdateOnCpu(weights[0], gradient, weights[1], weights[2], 0.01f, 0.3f);
            sut.Update(same[0], gradient, same[1], same[2], 0.01f, 0.3f);
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
        var sut = new LearningRateSchedule(2, 4, 5, 20);

        sut.At(0).ShouldBe(0.5);
        sut.At(3).ShouldBe(2);
        sut.At(14).ShouldBe(2);
        sut.At(15).ShouldBe(2);
        sut.At(19).ShouldBe(0.4, 1e-12);
    }

    private static TrainingConfig Config(IRecipe recipe)
    {
        return new TrainingConfig
        {
            Recipe = recipe.Name, Architecture = recipe.Architecture, Peer = recipe.Peer, PeerVersion = recipe.PeerVersion,
            Harvest = "h", Hook = "h", Width = 8, Latents = 24, K = 4, Seed = 0, Batch = 32, Epochs = 1, Steps = 10, LearningRate = 1e-3,
            WarmUpSteps = 0, DecaySteps = 0, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8, DeadWindow = 100, AuxK = 4, AuxCoefficient = 1,
            Precision = "float32", Threads = 1, Device = "cpu",
        };
    }
}
