namespace Workbench.SaeTrain.Recipes.Sparsify.Autoencoders;

/// <summary>sparsify's top-k autoencoder, trained with Adam.</summary>
internal sealed class SparsifyTopKRecipe : SparsifyAutoencoderRecipe
{
    public override string Name => "sparsify-topk";
}
