using Workbench.Numerics;
using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Lanes;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Optimization;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training.Backends;

/// <summary>The ways of computing steps, by name.</summary>
internal static class TrainingBackends
{
    public const string Auto = "auto";
    public const string Autograd = "autograd";
    public const string Fused = "fused";
    public const string Unscreened = "none";
    public const string ScreenedByInt8 = "int8";

    /// <summary>Opens the backend of a configuration: fused where that is wanted or open and possible, else autograd.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="objective">What is minimised.</param>
    /// <param name="optimizer">The optimiser of its parameters.</param>
    /// <param name="mean">Mean of the scaled targets over the data set [d_out].</param>
    /// <param name="log">Told why steps are not fused, where that was open.</param>
    /// <returns>The backend and its name.</returns>
    /// <exception cref="UsageException">Fused steps were asked for and are not to be had.</exception>
    public static (string Name, ITrainingBackend Backend) Open(
        TrainingConfig config, ITrainingObjective objective, IOptimizer optimizer, Tensor mean, Action<string> log)
    {
        string? refusal = config.Backend == Autograd ? null : FusedRecipes.Refusal(objective, optimizer);
        bool screens = config.Screen == ScreenedByInt8;
        if (screens && (config.Backend == Autograd || refusal is not null || !FusedRecipes.CanScreen(objective)))
        {
            throw new UsageException(
                $"--screen int8 cannot be used with recipe {config.Recipe} and backend {config.Backend}: it is for fused steps on the CPU of recipes that choose k latents in every row, at most an eighth of them, such as openai-topk; leave it out.");
        }

        if (config.Backend != Autograd && refusal is null)
        {
            var type = config.MatrixType(objective.Parameters.Device);
            return (Fused, new FusedBackend((IFusedObjective)objective, (AdamOptimizer)optimizer, config.ClipNorm, mean, type, SimdPaths.Resolve(), screens));
        }

        if (config.Backend == Fused)
        {
            throw new UsageException($"--backend fused cannot compute recipe {config.Recipe}: {refusal} has no fused form; use --backend auto.");
        }

        if (refusal is not null)
        {
            log($"Steps by autograd: {refusal} has no fused form.");
        }

        return (Autograd, new AutogradBackend(objective, optimizer, config.ClipNorm, mean));
    }
}
