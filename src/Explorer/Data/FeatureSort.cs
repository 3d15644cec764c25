namespace Workbench.Explorer.Data;

/// <summary>What a feature table can be sorted by.</summary>
public enum FeatureSort
{
    Latent,
    Label,
    Density,
    Maximum,
    Mean,
    Norm,
    Token,
    Logit,

    /// <summary>The largest share that one hook has of a feature, for a dictionary of several.</summary>
    Hook,
}
