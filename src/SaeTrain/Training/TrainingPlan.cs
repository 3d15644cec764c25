using System.Text.Json;
using TorchSharp;
using Workbench.Activations;
using Workbench.Numerics;
using Workbench.SaeTrain.Recipes;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Training;

/// <summary>Turns a command line into the full configuration of a run, and holds a second one to the first.</summary>
internal static class TrainingPlan
{
    /// <summary>Resolves every option.</summary>
    /// <param name="request">The command line.</param>
    /// <param name="harvest">The harvest it names.</param>
    /// <param name="stored">
    /// The configuration of a run that was started before: precision, threads and device that the command line leaves open are
    /// taken from it, because the weights depend on them.
    /// </param>
    /// <exception cref="WorkbenchException">Options and data do not fit.</exception>
    public static TrainingConfig Resolve(TrainingRequest request, HarvestInfo harvest, TrainingConfig? stored)
    {
        IRecipe recipe = RecipeRegistry.Find(request.Recipe, request.Architecture);
        Check(request, harvest);
        HookChoice hooks = HookChoice.Of(request, harvest, recipe);
        long steps = Math.Max(1, (long)Math.Floor(hooks.Rows * request.Epochs / request.Batch));
        var sizes = new RunSizes(hooks.InputWidth, hooks.OutputWidth, request.Latents, request.Batch, steps);
        RecipeDefaults defaults = recipe.Defaults(sizes);
        string device = request.Device == "auto" && stored is not null ? stored.Device : ComputeDevice.Resolve(request.Device).ToString();
        return new TrainingConfig
        {
            Recipe = recipe.Name,
            Architecture = recipe.Architecture,
            Peer = recipe.Peer,
            PeerVersion = recipe.PeerVersion,
            Harvest = request.Harvest,
            Hooks = hooks.Inputs,
            HookOut = hooks.Output,
            Width = hooks.InputWidth,
            OutputWidth = hooks.OutputWidth,
            Latents = request.Latents,
            Seed = request.Seed,
            Batch = request.Batch,
            Epochs = request.Epochs,
            Steps = steps,
            LearningRate = request.LearningRate ?? defaults.LearningRate,
            WarmUpSteps = request.WarmUpSteps ?? defaults.WarmUpSteps,
            DecaySteps = request.DecaySteps ?? defaults.DecaySteps,
            Beta1 = defaults.Beta1,
            Beta2 = defaults.Beta2,
            Epsilon = defaults.Epsilon,
            ClipNorm = defaults.ClipNorm,
            DeadTokens = request.DeadTokens ?? (hooks.Rows + request.Batch - 1) / request.Batch * request.Batch,
            Options = recipe.Options(request.Options, sizes),
            Precision = request.Precision == MatrixPrecision.Auto && stored is not null
                ? stored.Precision
                : MatrixPrecisions.Name(MatrixPrecisions.Resolve(request.Precision, ComputeDevice.Resolve(device))),
            Threads = request.Threads ?? stored?.Threads ?? Environment.ProcessorCount,
            Device = device,
        };
    }

    /// <summary>Refuses to go on under an id whose run has another configuration.</summary>
    /// <exception cref="WorkbenchException">A field differs; the sentence names it with both values.</exception>
    public static void RefuseChange(RunManifest manifest, TrainingConfig config)
    {
        JsonElement stored = manifest.Config;
        foreach (JsonProperty field in WorkbenchJson.Element(config).EnumerateObject())
        {
            bool known = stored.TryGetProperty(field.Name, out JsonElement before);
            if (!known || !JsonElement.DeepEquals(before, field.Value))
            {
                throw new WorkbenchException(
                    $"Dictionary {manifest.Id} was started with {field.Name} = {(known ? JsonSerializer.Serialize(before) : "nothing")}, and this line asks for {JsonSerializer.Serialize(field.Value)}; give the same options, or another --id.");
            }
        }
    }

    private static void Check(TrainingRequest request, HarvestInfo harvest)
    {
        if (request.Batch > harvest.Rows)
        {
            throw new UsageException($"--batch is {request.Batch}, and harvest {harvest.Id} has {harvest.Rows} rows only; use a smaller batch or harvest more tokens.");
        }

        if (request.LearningRate is <= 0 or double.NaN or double.PositiveInfinity)
        {
            throw new UsageException($"--lr is {request.LearningRate}, where a positive number was expected.");
        }
    }
}
