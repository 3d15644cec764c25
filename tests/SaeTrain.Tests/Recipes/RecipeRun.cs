using System.Text.Json;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Recipes;

/// <summary>A recipe on made-up rows, step by step, whose whole state can be carried over into another one.</summary>
internal sealed class RecipeRun : IDisposable
{
    public const int Width = 12;
    public const int Latents = 48;
    public const int Rows = 40;

    private readonly DictionaryTrainer _trainer;
    private readonly AutogradBackend _backend;
    private readonly bool _paired;

    public RecipeRun(string recipe, long steps, IReadOnlyDictionary<string, JsonElement>? options = null, ParameterSet? weights = null, DataConstants? constants = null)
    {
        IRecipe found = RecipeRegistry.Find(recipe, null);
        _paired = found.Arrangement == HookArrangement.Pair;
        var sizes = new RunSizes(Width, Width, Latents, Rows, steps);
        Config = RecipeConfig.Of(found, sizes, options ?? new Dictionary<string, JsonElement>()) with { Seed = 5, DeadTokens = 3 * Rows };
        using var scope = NewDisposeScope();
        TrainingBatch sample = Batch(0);
        Constants = constants ?? found.Measure(Config, sample);
        Constants.Scale(sample);
        Parameters = weights ?? found.Initialise(Config, sample, CPU);
        Optimizer = found.Optimizer(Config, Parameters);
        Objective = found.Objective(Config, Parameters, Constants);
        _backend = new AutogradBackend(Objective, Optimizer, Config.ClipNorm, mean: null);
        _trainer = new DictionaryTrainer(Objective, Optimizer, found.LearningRate(Config), Constants, _backend);
    }

    public TrainingConfig Config { get; }

    public DataConstants Constants { get; }

    public ParameterSet Parameters { get; }

    public IOptimizer Optimizer { get; }

    public ITrainingObjective Objective { get; }

    /// <summary>Does steps up to a number of them.</summary>
    public void RunTo(long steps)
    {
        while (_trainer.Steps < steps)
        {
            using var scope = NewDisposeScope();
            _trainer.Step(Batch(_trainer.Steps));
        }
    }

    /// <summary>Fresh objects with this run's weights and state.</summary>
    public RecipeRun Copy()
    {
        using var noGradient = no_grad();
        var options = Config.Options.EnumerateObject().ToDictionary(option => option.Name, option => option.Value);
        var copy = new RecipeRun(Config.Recipe, Config.Steps, options, new ParameterSet(Parameters.All, CPU), Constants);
        foreach ((IReadOnlyList<(string Name, Tensor Value)> from, IReadOnlyList<(string Name, Tensor Value)> to) in
            new[] { (Optimizer.State, copy.Optimizer.State), (Objective.State, copy.Objective.State) })
        {
            for (int i = 0; i < from.Count; i++)
            {
                to[i].Name.ShouldBe(from[i].Name);
                to[i].Value.copy_(from[i].Value);
            }
        }

        copy.Optimizer.Steps = Optimizer.Steps;
        return copy;
    }

    public void Dispose()
    {
        _backend.Dispose();
        Objective.Dispose();
        Optimizer.Dispose();
        Parameters.Dispose();
    }

    /// <summary>Rows that depend on the step alone: sparse sums of fixed directions, noise and a mean.</summary>
    public TrainingBatch Batch(long step)
    {
        Tensor directions = randn(3 * Width, Width, generator: new Generator(11));
        var random = new Generator((ulong)(100 + step));
        Tensor active = rand(Rows, 3 * Width, generator: random).lt(0.08).to(ScalarType.Float32);
        Tensor rows = (active * rand(Rows, 3 * Width, generator: random)).mm(directions) + (0.05 * randn(Rows, Width, generator: random)) + 0.3;
        return _paired ? new TrainingBatch(rows, rows.relu() - (0.5 * rows)) : new TrainingBatch(rows);
    }
}
