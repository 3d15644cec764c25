using TorchSharp;
using Workbench.Models.Weights;
using Workbench.Numerics;
using Workbench.SaeTrain.Data;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Checkpoints;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>A trainer with everything that it is put together from.</summary>
internal sealed class AssembledTrainer : IDisposable
{
    private const int SampleRows = 32_768;

    private readonly IDisposable[] _parts;

    private AssembledTrainer(DictionaryTrainer trainer, string backend, params IDisposable[] parts)
    {
        (Trainer, Backend) = (trainer, backend);
        _parts = parts;
    }

    public DictionaryTrainer Trainer { get; }

    /// <summary>The name of the backend.</summary>
    public string Backend { get; }

    /// <summary>A trainer before its first step.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="data">Its rows.</param>
    /// <param name="origin">Weights to start from in place of the recipe's, or null.</param>
    /// <param name="log">Told of choices that were made.</param>
    /// <exception cref="WorkbenchException">The data or the origin do not fit the recipe.</exception>
    public static AssembledTrainer Start(TrainingConfig config, ITrainingData data, InitialDictionary? origin, Action<string> log)
    {
        IRecipe recipe = RecipeRegistry.Find(config.Recipe, config.Architecture);
        using var scope = NewDisposeScope();
        TrainingBatch sample = data.Sample(SampleRows);
        NonFiniteRows.Refuse(sample, config);
        DataConstants constants = recipe.Measure(config, sample);
        constants.Scale(sample);
        ParameterSet parameters = recipe.Initialise(config, sample, ComputeDevice.Resolve(config.Device));
        if (origin is null)
        {
            return Of(recipe, config, data, parameters, constants, objective => objective, log);
        }

        using ITrainingObjective form = recipe.Objective(config, parameters, constants);
        origin.CopyTo(form, constants);
        return Of(recipe, config, data, parameters, constants, objective => new BegunObjective(objective), log);
    }

    /// <summary>A trainer as it was when a state was saved.</summary>
    public static AssembledTrainer Resume(TrainingConfig config, ITrainingData data, SafetensorsFile state, Action<string> log)
    {
        using var scope = NewDisposeScope();
        AssembledTrainer resumed = Of(
            RecipeRegistry.Find(config.Recipe, config.Architecture),
            config,
            data,
            TrainingCheckpoint.Parameters(state, ComputeDevice.Resolve(config.Device)),
            TrainingCheckpoint.Constants(state),
            objective => objective,
            log);
        TrainingCheckpoint.Restore(state, resumed.Trainer);
        return resumed;
    }

    public void Dispose()
    {
        Array.ForEach(_parts, part => part.Dispose());
    }

    private static AssembledTrainer Of(
        IRecipe recipe,
        TrainingConfig config,
        ITrainingData data,
        ParameterSet parameters,
        DataConstants constants,
        Func<ITrainingObjective, ITrainingObjective> led,
        Action<string> log)
    {
        IOptimizer optimizer = recipe.Optimizer(config, parameters);
        ITrainingObjective objective = recipe.Objective(config, parameters, constants);
        Tensor mean = constants.ScaleMean(data.Mean()).to(parameters.Device).DetachFromDisposeScope();
        (string name, ITrainingBackend backend) = TrainingBackends.Open(config, objective, optimizer, mean, log);
        var trainer = new DictionaryTrainer(led(objective), optimizer, recipe.LearningRate(config), constants, backend);
        return new AssembledTrainer(trainer, name, trainer, backend, mean, objective, optimizer, parameters);
    }
}
