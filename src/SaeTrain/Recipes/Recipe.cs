using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Optimization;
using Workbench.SaeTrain.Training.Scaling;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Recipes;

/// <summary>A recipe with options of its own, trained with Adam unless it says otherwise.</summary>
internal abstract class Recipe<TOptions> : IRecipe
    where TOptions : class, IRecipeOptions
{
    public abstract string Name { get; }

    public abstract string Architecture { get; }

    public abstract string Peer { get; }

    public abstract string PeerVersion { get; }

    public virtual HookArrangement Arrangement => HookArrangement.Single;

    public abstract RecipeDefaults Defaults(RunSizes sizes);

    public JsonElement Options(IReadOnlyDictionary<string, JsonElement> given, RunSizes sizes)
    {
        JsonObject merged = JsonSerializer.SerializeToNode(DefaultOptions(sizes), WorkbenchJson.Options)!.AsObject();
        foreach ((string name, JsonElement value) in given)
        {
            if (!merged.ContainsKey(name))
            {
                throw new UsageException($"Recipe {Name} has no option '{name}'; it has {string.Join(", ", merged.Select(option => option.Key))}.");
            }

            merged[name] = JsonNode.Parse(value.GetRawText());
        }

        TOptions options = Read(merged);
        options.Validate(sizes);
        return WorkbenchJson.Element(options);
    }

    public virtual ILearningRate LearningRate(TrainingConfig config)
    {
        return new WarmUpAndDecay(config.LearningRate, config.WarmUpSteps, config.DecaySteps, config.Steps);
    }

    public virtual DataConstants Measure(TrainingConfig config, TrainingBatch sample)
    {
        return new DataConstants();
    }

    public ParameterSet Initialise(TrainingConfig config, TrainingBatch sample, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var random = new Generator((ulong)config.Seed);
        return new ParameterSet(Initialise(config, Read(config), sample, random), device);
    }

    public ITrainingObjective Objective(TrainingConfig config, ParameterSet parameters, DataConstants constants)
    {
        return Objective(config, Read(config), parameters, constants);
    }

    public virtual IOptimizer Optimizer(TrainingConfig config, ParameterSet parameters)
    {
        return new AdamOptimizer(parameters, config.Beta1, config.Beta2, config.Epsilon);
    }

    /// <summary>Options where none are given.</summary>
    protected abstract TOptions DefaultOptions(RunSizes sizes);

    /// <summary>Initial weights on the CPU, drawn from a generator.</summary>
    protected abstract IEnumerable<(string Name, TorchSharp.torch.Tensor Value)> Initialise(
        TrainingConfig config, TOptions options, TrainingBatch sample, Generator random);

    /// <summary>The objective over given weights.</summary>
    protected abstract ITrainingObjective Objective(TrainingConfig config, TOptions options, ParameterSet parameters, DataConstants constants);

    /// <summary>The options of a configuration.</summary>
    protected static TOptions Read(TrainingConfig config)
    {
        return JsonSerializer.Deserialize<TOptions>(config.Options, WorkbenchJson.Options)!;
    }

    private TOptions Read(JsonObject options)
    {
        try
        {
            return options.Deserialize<TOptions>(WorkbenchJson.Options)!;
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"Recipe {Name} cannot use option '{wrong.Path?.TrimStart('$', '.')}': its value is of another type than expected.");
        }
    }
}
