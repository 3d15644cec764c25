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
}
