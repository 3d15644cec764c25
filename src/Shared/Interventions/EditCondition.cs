namespace Workbench.Interventions;

/// <summary>Restricts an edit to positions where a latent of the edit's dictionary is active.</summary>
/// <param name="Latent">The latent.</param>
/// <param name="Above">Its activation must be above this, in the dictionary's own scale.</param>
public sealed record EditCondition(int Latent, double Above);
