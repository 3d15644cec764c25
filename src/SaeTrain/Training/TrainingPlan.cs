using System.Text.Json;
using Workbench.Activations;
using Workbench.Numerics;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training.Backends;
using Workbench.SaeTrain.Training.Settings;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Training;

/// <summary>Turns what a user set into the full configuration of a run, and holds a second one to the first.</summary>
internal static class TrainingPlan
{
    private const int EvaluationsByDefault = 5;

    /// <summary>Resolves every setting.</summary>
    /// <param name="settings">What was set.</param>
    /// <param name="harvest">The harvest.</param>
    /// <param name="stored">
    /// The configuration of a run that was started before: precision, threads, device and backend that are left open are taken
    /// from it, because the weights depend on them.
    /// </param>
    /// <exception cref="WorkbenchException">Settings and data do not fit.</exception>
    public static TrainingConfig Resolve(TrainingSettings settings, HarvestInfo harvest, TrainingConfig? stored)
    {
        IRecipe recipe = RecipeRegistry.Find(settings.Text(nameof(TrainingConfig.Recipe)), settings.Text(nameof(TrainingConfig.Architecture)));
        HookChoice hooks = HookChoice.Of(settings, harvest, recipe);
        int batch = Batch(settings, harvest, hooks);
        double epochs = settings.Get<double>(nameof(TrainingConfig.Epochs));
        long seed = settings.Get<long>(nameof(TrainingConfig.Seed));
        long steps = Math.Max(1, (long)Math.Floor(hooks.Rows * epochs / batch));
        var sizes = new RunSizes(hooks.InputWidth, hooks.OutputWidth, settings.Get<int>(nameof(TrainingConfig.Latents)), batch, steps);
        RecipeDefaults defaults = recipe.Defaults(sizes);
        string device = Device(settings, stored);
        var config = new TrainingConfig
        {
            Recipe = recipe.Name,
            Architecture = recipe.Architecture,
            Peer = recipe.Peer,
            PeerVersion = recipe.PeerVersion,
            Harvest = harvest.Id,
            Hooks = hooks.Inputs,
            HookOut = hooks.Output,
            HookWidths = hooks.Widths,
            Width = hooks.InputWidth,
            OutputWidth = hooks.OutputWidth,
            Latents = sizes.Latents,
            Seed = seed,
            DataSeed = settings.Find<long>(nameof(TrainingConfig.DataSeed)) ?? seed,
            Batch = batch,
            Epochs = epochs,
            Steps = steps,
            LearningRate = settings.Find<double>(nameof(TrainingConfig.LearningRate)) ?? defaults.LearningRate,
            WarmUpSteps = settings.Find<long>(nameof(TrainingConfig.WarmUpSteps)) ?? defaults.WarmUpSteps,
            DecaySteps = settings.Find<long>(nameof(TrainingConfig.DecaySteps)) ?? defaults.DecaySteps,
            Beta1 = settings.Find<double>(nameof(TrainingConfig.Beta1)) ?? defaults.Beta1,
            Beta2 = settings.Find<double>(nameof(TrainingConfig.Beta2)) ?? defaults.Beta2,
            Epsilon = settings.Find<double>(nameof(TrainingConfig.Epsilon)) ?? defaults.Epsilon,
            ClipNorm = settings.Has(nameof(TrainingConfig.ClipNorm)) ? settings.Find<double>(nameof(TrainingConfig.ClipNorm)) : defaults.ClipNorm,
            DeadTokens = settings.Find<long>(nameof(TrainingConfig.DeadTokens)) ?? (hooks.Rows + batch - 1) / batch * batch,
            Options = recipe.Options(settings.Options, sizes),
            Backend = Backend(settings, stored),
            InitFrom = settings.Text(nameof(TrainingConfig.InitFrom)),
            Precision = Precision(settings, stored, device),
            Screen = settings.Get<string>(nameof(TrainingConfig.Screen)),
            Threads = settings.Find<int>(nameof(TrainingConfig.Threads)) ?? stored?.Threads ?? Environment.ProcessorCount,
            Device = device,
            LogEvery = settings.Get<long>(nameof(TrainingConfig.LogEvery)),
            SaveEvery = settings.Get<long>(nameof(TrainingConfig.SaveEvery)),
            Checkpoints = settings.Get<string>(nameof(TrainingConfig.Checkpoints)),
            EvaluateEvery = settings.Find<long>(nameof(TrainingConfig.EvaluateEvery)) ?? (steps + EvaluationsByDefault - 1) / EvaluationsByDefault,
            EvaluateTokens = settings.Get<long>(nameof(TrainingConfig.EvaluateTokens)),
            Model = settings.Text(nameof(TrainingConfig.Model)),
        };
        RefuseDisagreement(settings, config);
        return config;
    }

    /// <summary>Refuses to go on under an id whose run has another configuration.</summary>
    /// <exception cref="WorkbenchException">A field differs; the sentence names it with both values.</exception>
    public static void RefuseChange(string id, TrainingConfig stored, TrainingConfig config)
    {
        JsonElement before = WorkbenchJson.Element(stored with { DataSeed = stored.OrderSeed });
        foreach (JsonProperty field in WorkbenchJson.Element(config).EnumerateObject())
        {
            JsonElement value = before.GetProperty(field.Name);
            if (TrainingSetting.Find(field.Name) is not { IsFree: true } && !JsonElement.DeepEquals(value, field.Value))
            {
                throw new WorkbenchException(
                    $"Dictionary {id} was started with {field.Name} = {JsonSerializer.Serialize(value)}, and this line asks for {JsonSerializer.Serialize(field.Value)}; give the same options, or another --id.");
            }
        }
    }

    /// <summary>The batch that was set, or the default without what does not share out evenly over pooled hooks.</summary>
    private static int Batch(TrainingSettings settings, HarvestInfo harvest, HookChoice hooks)
    {
        int batch = settings.Get<int>(nameof(TrainingConfig.Batch));
        batch -= settings.Has(nameof(TrainingConfig.Batch)) ? 0 : (int)(batch % (hooks.Rows / harvest.Rows));
        return batch <= harvest.Rows
            ? batch
            : throw new UsageException(
                $"{settings.NameOf(nameof(TrainingConfig.Batch))} is {batch}, and harvest {harvest.Id} has {harvest.Rows} rows only; use a smaller batch or harvest more tokens.");
    }

    /// <summary>An open choice is made when the weights are there, and stored then.</summary>
    private static string Backend(TrainingSettings settings, TrainingConfig? stored)
    {
        string wanted = settings.Get<string>(nameof(TrainingConfig.Backend));
        return wanted == TrainingBackends.Auto && stored is not null ? stored.Backend : wanted;
    }

    private static string Device(TrainingSettings settings, TrainingConfig? stored)
    {
        string wanted = settings.Get<string>(nameof(TrainingConfig.Device));
        return wanted == "auto" && stored is not null ? stored.Device : ComputeDevice.Resolve(wanted).ToString();
    }

    private static string Precision(TrainingSettings settings, TrainingConfig? stored, string device)
    {
        MatrixPrecision wanted = MatrixPrecisions.Parse(settings.Get<string>(nameof(TrainingConfig.Precision)));
        return wanted == MatrixPrecision.Auto && stored is not null
            ? stored.Precision
            : MatrixPrecisions.Name(MatrixPrecisions.Resolve(wanted, ComputeDevice.Resolve(device)));
    }

    private static void RefuseDisagreement(TrainingSettings settings, TrainingConfig config)
    {
        JsonElement resolved = WorkbenchJson.Element(config);
        foreach ((string key, JsonElement given) in settings.Derived)
        {
            JsonElement follows = resolved.GetProperty(key);
            if (!JsonElement.DeepEquals(given, follows))
            {
                throw new UsageException(
                    $"The configuration says {key} = {given.GetRawText()}, and its other entries and this build make it {follows.GetRawText()}; leave {key} out.");
            }
        }
    }
}
