namespace Workbench.Features;

/// <summary>What stands out about a latent; the bounds are in <see cref="FeatureIndexInfo"/>.</summary>
[Flags]
public enum FeatureFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Never on over the whole harvest.</summary>
    Dead = 1,

    /// <summary>On at more than <see cref="FeatureIndexInfo.DenseAbove"/> of the tokens.</summary>
    Dense = 2,

    /// <summary>Its decoder row has a cosine of at least <see cref="FeatureIndexInfo.DuplicateFrom"/> with another latent's.</summary>
    Duplicate = 4,
}
