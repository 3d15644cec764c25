using Workbench.Interventions;

namespace Workbench.Explorer.Data;

/// <summary>One feature to steer with.</summary>
/// <param name="Latent">The feature.</param>
/// <param name="Strength">In units of its maximum activation; a plain factor for <see cref="EditOperation.Scale"/>.</param>
/// <param name="Operation">What is done.</param>
public sealed record SteeringEdit(int Latent, double Strength, EditOperation Operation)
{
    /// <summary>Whether the operation has a strength.</summary>
    public bool HasStrength => Operation is not (EditOperation.Zero or EditOperation.ProjectOut);
}
