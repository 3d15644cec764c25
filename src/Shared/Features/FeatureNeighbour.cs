namespace Workbench.Features;

/// <summary>A latent whose decoder row points in a similar direction.</summary>
/// <param name="Latent">The other latent.</param>
/// <param name="Cosine">The cosine of the two decoder rows.</param>
public readonly record struct FeatureNeighbour(int Latent, float Cosine);
