using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Scaling;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>The loss of dictionary_learning's batch-wide top-k trainer, by <see cref="BatchSelectingObjective"/>.</summary>
/// <param name="parameters">The weights.</param>
/// <param name="options">The recipe's options.</param>
/// <param name="deadTokens">A latent is dead where it has not fired for this number of tokens.</param>
/// <param name="constants">Scales of the activations.</param>
/// <param name="matrixType">Number type of the encoder product.</param>
internal sealed class DictionaryLearningBatchTopKObjective(
    ParameterSet parameters, DictionaryLearningTopKOptions options, long deadTokens, DataConstants constants, ScalarType matrixType)
    : BatchSelectingObjective(parameters, options, deadTokens, constants, matrixType), IFusedObjective
{
    public int? EntriesPerRow => null;

    public FusedRecipe Fuse(FusedContext context)
    {
        return new DictionaryLearningBatchTopKFused(context, this);
    }
}
