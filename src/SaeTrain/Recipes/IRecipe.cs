using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes;

/// <summary>
/// One library's way of training an architecture: losses, reductions, dead rule, initialisation and order of a step. Sizes and
/// rates that depend on the data at hand are defaults that a command line may override.
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

    /// <summary>Options that follow from sizes where the command line does not say.</summary>
    /// <param name="width">Features of an activation.</param>
    /// <param name="latents">Number of latents.</param>
    /// <param name="steps">Steps of the run.</param>
    RecipeDefaults Defaults(int width, int latents, long steps);

    /// <summary>A fixed factor of the squared error, from a sample of the data; 1 where the recipe has none.</summary>
    /// <param name="sample">Activations [rows, d].</param>
    double ErrorScale(Tensor sample);

    /// <summary>Initial weights.</summary>
    /// <param name="config">Sizes and seed.</param>
    /// <param name="sample">Activations [rows, d] for what depends on the data.</param>
    /// <param name="device">Where training takes place.</param>
    DictionaryParameters Initialise(TrainingConfig config, Tensor sample, Device device);

    /// <summary>The objective over given weights.</summary>
    /// <param name="config">Options.</param>
    /// <param name="parameters">The weights.</param>
    /// <param name="errorScale">From <see cref="ErrorScale"/>.</param>
    TopKObjective Objective(TrainingConfig config, DictionaryParameters parameters, double errorScale);
}
