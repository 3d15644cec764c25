namespace Workbench.SaeTrain.Recipes.Sparsify.Transcoders;

/// <summary>sparsify's transcoder with a linear bypass from input to output, trained with Adam.</summary>
internal sealed class SparsifySkipTranscoderRecipe : SparsifyTranscoderBaseRecipe
{
    public override string Name => "sparsify-skip-transcoder";

    protected override SparsifyTranscoderOptions DefaultOptions(RunSizes sizes)
    {
        return base.DefaultOptions(sizes) with { SkipConnection = true };
    }
}
