namespace Workbench.SaeTrain.Recipes.Sparsify.Autoencoders;

/// <summary>sparsify's top-k autoencoder whose 4k largest latents must reconstruct as well, trained with Adam.</summary>
internal sealed class SparsifyMultiTopKRecipe : SparsifyAutoencoderRecipe
{
    public override string Name => "sparsify-multitopk";

    protected override SparsifyOptions DefaultOptions(RunSizes sizes)
    {
        return base.DefaultOptions(sizes) with { MultiTopk = true };
    }
}
