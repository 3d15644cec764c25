namespace Workbench.SaeTrain.Recipes;

/// <summary>sparsify's top-k autoencoder, trained with Adam.</summary>
internal sealed class SparsifyTopKRecipe : SparsifyAutoencoderRecipe
{
    public override string Name => "sparsify-topk";
}
