using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;

namespace Workbench.SaeTrain.Recipes.Sparsify.Autoencoders;

/// <summary>sparsify's autoencoder where it keeps the largest latents of each row and nothing wider reconstructs.</summary>
internal sealed class SparsifyTopKObjective(ParameterSet parameters, SparsifyOptions options, long deadTokens, ScalarType matrixType)
    : SparsifyAutoencoderObjective(parameters, options, deadTokens, matrixType), IFusedObjective
{
    public int? EntriesPerRow => Options.KDecaySteps > 0 ? null : Options.K;

    /// <summary>The largest number of latents that any step keeps in a row.</summary>
    public int MostKept => Options.KDecaySteps > 0 ? Math.Max(Options.K, Options.KInitial) : Options.K;

    public FusedRecipe Fuse(FusedContext context)
    {
        return new SparsifyTopKFused(context, this);
    }
}
