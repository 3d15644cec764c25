namespace Workbench.SaeTrain.Recipes.Sparsify.Autoencoders;

/// <summary>sparsify's autoencoder with one latent from each of k groups, trained with Adam.</summary>
internal sealed class SparsifyGroupMaxRecipe : SparsifyAutoencoderRecipe
{
    public override string Name => "sparsify-groupmax";

    public override string Architecture => "groupmax";

    protected override SparsifyOptions DefaultOptions(RunSizes sizes)
    {
        int groups = Enumerable.Range(1, 32).Last(k => k <= sizes.Latents && sizes.Latents % k == 0);
        return base.DefaultOptions(sizes) with { Activation = SparsifyActivation.GroupMax, K = groups };
    }
}
