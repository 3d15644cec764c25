using System.Text.Json;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Lanes;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Recipes.SaeLens.JumpRelu;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Optimization;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Fused;

/// <summary>A recipe on a little sparse data, whose sizes are no multiples of a vector and whose latents die now and then.</summary>
internal sealed class FusedCase : IDisposable
{
    private const int Width = 37;
    private const int Latents = 150;
    private const int Rows = 75;
    private const long DeadSteps = 3;
    private const int MostAttempts = 100;
    private const double LeastEdgeDistance = 1e-5;

    private readonly DictionaryTrainer _trainer;
    private readonly ITrainingBackend _backend;

    private FusedCase(string recipeName, string options, FusedCase? origin, Func<ITrainingObjective, IOptimizer, TrainingConfig, ITrainingBackend> create)
    {
        IRecipe recipe = RecipeRegistry.Find(recipeName, architecture: null);
        TrainingConfig config = Config(recipe, options);
        var sample = new TrainingBatch(Draw(-1));
        DataConstants constants = recipe.Measure(config, sample);
        Parameters = recipe.Initialise(config, sample, CPU);
        Optimizer = recipe.Optimizer(config, Parameters);
        Objective = recipe.Objective(config, Parameters, constants);
        origin?.CopyTo(this);
        _backend = create(Objective, Optimizer, config);
        _trainer = new DictionaryTrainer(Objective, Optimizer, recipe.LearningRate(config), constants, _backend);
    }

    public ParameterSet Parameters { get; }

    public IOptimizer Optimizer { get; }

    public ITrainingObjective Objective { get; }

    public static FusedCase Autograd(string recipe, string options, FusedCase? origin = null)
    {
        return new FusedCase(recipe, options, origin, (objective, optimizer, config) => new AutogradBackend(objective, optimizer, config.ClipNorm, mean: null));
    }

    public static FusedCase Fused(string recipe, string options, SimdPath path, FusedCase? origin = null, ScalarType type = ScalarType.Float32, bool screens = false)
    {
        return new FusedCase(recipe, options, origin, (objective, optimizer, config) =>
            new FusedBackend((IFusedObjective)objective, (AdamOptimizer)optimizer, config.ClipNorm, mean: null, type, path, screens));
    }

    public StepReport Step(Tensor batch)
    {
        using var scope = NewDisposeScope();
        return _trainer.Step(new TrainingBatch(batch))!;
    }

    /// <summary>
    /// A batch of a step in which no pre-activation lies within rounding of an edge of the threshold's kernel, where two ways of
    /// computing the same number may rightly fall on different sides.
    /// </summary>
    public Tensor Batch(int step)
    {
        using var scope = NewDisposeScope();
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            Tensor batch = Draw((step * MostAttempts) + attempt);
            if (EdgeDistance(batch) > LeastEdgeDistance)
            {
                return batch.MoveToOuterDisposeScope();
            }
        }

        throw new InvalidOperationException($"no batch of step {step} keeps off the edges");
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _backend.Dispose();
        Objective.Dispose();
        Optimizer.Dispose();
        Parameters.Dispose();
    }

    private static TrainingConfig Config(IRecipe recipe, string options)
    {
        var sizes = new RunSizes(Width, Width, Latents, Rows, 1000);
        Dictionary<string, JsonElement> given = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(options)!;
        return RecipeConfig.Of(recipe, sizes, given) with { Seed = 3, WarmUpSteps = 5, DecaySteps = 0, DeadTokens = DeadSteps * Rows };
    }

    /// <summary>Sparse sums of fixed directions with unequal frequencies, noise and a mean; the same for the same number.</summary>
    private static Tensor Draw(int number)
    {
        using var scope = NewDisposeScope();
        using var fixedRandom = new Generator(11);
        using var random = new Generator((ulong)(number + 100));
        Tensor directions = randn(60, Width, generator: fixedRandom);
        Tensor frequencies = rand(60, generator: fixedRandom) * 0.15;
        Tensor on = (rand(Rows, 60, generator: random) < frequencies).to(ScalarType.Float32);
        Tensor strength = on * (0.5 + rand(Rows, 60, generator: random));
        return (strength.mm(directions) + (0.1 * randn(Rows, Width, generator: random)) + 0.3).MoveToOuterDisposeScope();
    }

    /// <summary>Least distance of a pre-activation from a threshold, or from half a bandwidth on either side of it.</summary>
    private double EdgeDistance(Tensor batch)
    {
        if (Objective is not SaeLensJumpReluObjective jumpRelu)
        {
            return double.PositiveInfinity;
        }

        using var noGradient = no_grad();
        Tensor x = batch * jumpRelu.InputScale;
        Tensor pre = (x - Parameters.DecoderBias).mm(Parameters.Encoder.t()) + Parameters.EncoderBias;
        Tensor distance = (pre - Parameters[ParameterNames.Threshold].clamp_min(0)).abs();
        Tensor edge = (distance - (jumpRelu.Options.JumpreluBandwidth / 2)).abs();
        return Math.Min(distance.min().item<float>(), edge.min().item<float>());
    }

    private void CopyTo(FusedCase other)
    {
        using var noGradient = no_grad();
        foreach ((string name, Tensor value) in Parameters.All)
        {
            _ = other.Parameters[name].copy_(value);
        }

        foreach (((string _, Tensor from), (string _, Tensor to)) in Optimizer.State.Concat(Objective.State).Zip(other.Optimizer.State.Concat(other.Objective.State)))
        {
            _ = to.copy_(from);
        }

        other.Optimizer.Steps = Optimizer.Steps;
    }
}
