using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Recipes.SaeLens.TopK;

/// <summary>The loss of SAELens' <c>batchtopk</c> training architecture, by <see cref="SaeLensBatchObjective"/>.</summary>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="inputScale">Factor of the activations in training.</param>
/// <param name="deadSteps">A latent is dead where it has not fired for more than this number of steps.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal sealed class SaeLensBatchTopKObjective(
    ParameterSet parameters, SaeLensBatchTopKOptions options, double inputScale, long deadSteps, ScalarType matrixType)
    : SaeLensBatchObjective(parameters, options, inputScale, deadSteps, matrixType), IFusedObjective
{
    public int? EntriesPerRow => null;

    public FusedRecipe Fuse(FusedContext context)
    {
        return new SaeLensBatchTopKFused(context, this);
    }
}
