namespace Workbench.SaeTrain.Recipes.Sparsify.Transcoders;

/// <summary>Options of sparsify's transcoder recipes, named as the peer names them.</summary>
internal sealed record SparsifyTranscoderOptions : SparsifyOptions
{
    /// <summary>Whether a linear map of the input is added to the reconstruction.</summary>
    public bool SkipConnection { get; init; }
}
