namespace Workbench.Dictionaries;

/// <summary>What is done to each activation before encoding, and undone after decoding with the same activation's numbers.</summary>
public enum InputNormalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// <c>(x - mean) / (s + 1e-5)</c> with the unbiased deviation s over the features; the reconstruction is multiplied by s and the
    /// mean added (SAELens' <c>layer_norm</c>, OpenAI's <c>normalize</c>).
    /// </summary>
    LayerNorm,

    /// <summary>Scaled to norm sqrt(width); the reconstruction is scaled back (SAELens' <c>constant_norm_rescale</c>).</summary>
    ConstantNormRescale,
}
