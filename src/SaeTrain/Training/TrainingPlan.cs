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
        HarvestHook hook = Hook(request, harvest);
        Check(request, harvest);
        long steps = Math.Max(1, (long)Math.Floor(harvest.Rows * request.Epochs / request.Batch));
        RecipeDefaults defaults = recipe.Defaults(hook.Width, request.Latents, steps);
        string device = request.Device == "auto" && stored is not null ? stored.Device : ComputeDevice.Resolve(request.Device).ToString();
        return new TrainingConfig
        {
            Recipe = recipe.Name,
            Architecture = recipe.Architecture,
            Peer = recipe.Peer,
            PeerVersion = recipe.PeerVersion,
            Harvest = request.Harvest,
            Hook = hook.Name,
            Width = hook.Width,
            Latents = request.Latents,
            K = request.K,
            Seed = request.Seed,
            Batch = request.Batch,
            Epochs = request.Epochs,
            Steps = steps,
            LearningRate = request.LearningRate ?? defaults.LearningRate,
            WarmUpSteps = request.WarmUpSteps ?? defaults.WarmUpSteps,
            DecaySteps = request.DecaySteps ?? defaults.DecaySteps,
            Beta1 = 0.9,
            Beta2 = 0.999,
            Epsilon = defaults.Epsilon,
            ClipNorm = defaults.ClipNorm,
            DeadWindow = request.DeadWindow ?? Math.Max(1, (harvest.Rows + request.Batch - 1) / request.Batch),
            AuxK = request.AuxK ?? defaults.AuxK,
            AuxCoefficient = defaults.AuxCoefficient,
            RescaleByDecoderNorm = defaults.RescaleByDecoderNorm,
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
            string before = stored.TryGetProperty(field.Name, out JsonElement value) ? value.GetRawText() : "nothing";
            if (before != field.Value.GetRawText())
            {
                throw new WorkbenchException(
                    $"Dictionary {manifest.Id} was started with {field.Name} = {before}, and this line asks for {field.Value.GetRawText()}; give the same options, or another --id.");
            }
        }
    }

    private static HarvestHook Hook(TrainingRequest request, HarvestInfo harvest)
    {
        string names = string.Join(", ", harvest.Hooks.Select(hook => hook.Name));
        if (request.Hook is null && harvest.Hooks.Count != 1)
        {
            throw new UsageException($"Harvest {harvest.Id} holds several hooks; give --hook, one of {names}.");
        }

        return request.Hook is null
            ? harvest.Hooks[0]
            : harvest.Hooks.FirstOrDefault(hook => hook.Name == request.Hook)
                ?? throw new WorkbenchException($"Harvest {harvest.Id} holds no hook '{request.Hook}'; it holds {names}.");
    }

    private static void Check(TrainingRequest request, HarvestInfo harvest)
    {
        if (request.K > request.Latents)
        {
            throw new UsageException($"--k is {request.K}, where at most --latents ({request.Latents}) was expected.");
        }

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
