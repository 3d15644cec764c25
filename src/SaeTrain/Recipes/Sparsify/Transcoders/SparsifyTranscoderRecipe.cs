namespace Workbench.SaeTrain.Recipes.Sparsify.Transcoders;

/// <summary>sparsify's transcoder: one hook is reconstructed from another, trained with Adam.</summary>
internal sealed class SparsifyTranscoderRecipe : SparsifyTranscoderBaseRecipe
{
    public override string Name => "sparsify-transcoder";
}
