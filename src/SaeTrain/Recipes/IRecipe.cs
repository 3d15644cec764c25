using System.Text.Json;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Optimization;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Recipes;

/// <summary>
/// One library's way of training an architecture: losses, reductions, dead rule, initialisation and order of a step. Sizes and
/// rates that depend on the data at hand are defaults that a command line may override. Recipes derive from
/// <see cref="Recipe{TOptions}"/> and are found by reflection.
/// </summary>
internal interface IRecipe
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>Architecture that it trains.</summary>
    string Architecture { get; }

    /// <summary>The library.</summary>
    string Peer { get; }

    /// <summary>Its version.</summary>
    string PeerVersion { get; }

    /// <summary>How the hooks of a harvest become rows.</summary>
    HookArrangement Arrangement { get; }

    /// <summary>Options of the loop that follow from sizes where nothing else is said.</summary>
    RecipeDefaults Defaults(RunSizes sizes);

    /// <summary>The recipe's own options in full.</summary>
    /// <param name="given">Those that were given, by name.</param>
    /// <param name="sizes">Sizes that defaults depend on.</param>
    /// <exception cref="UsageException">An option is not known, or its value does not fit.</exception>
    JsonElement Options(IReadOnlyDictionary<string, JsonElement> given, RunSizes sizes);

    /// <summary>The learning rate of every step.</summary>
    ILearningRate LearningRate(TrainingConfig config);

    /// <summary>Numbers that are fixed at the start, from a sample of the data.</summary>
    DataConstants Measure(TrainingConfig config, TrainingBatch sample);

    /// <summary>Initial weights.</summary>
    /// <param name="config">Sizes, options and seed.</param>
    /// <param name="sample">Activations for what depends on the data, scaled as in training.</param>
    /// <param name="device">Where training takes place.</param>
    ParameterSet Initialise(TrainingConfig config, TrainingBatch sample, Device device);

    /// <summary>The objective over given weights.</summary>
    ITrainingObjective Objective(TrainingConfig config, ParameterSet parameters, DataConstants constants);

    /// <summary>The optimiser of given weights.</summary>
    IOptimizer Optimizer(TrainingConfig config, ParameterSet parameters);
}
