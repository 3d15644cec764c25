namespace Workbench.Activations;

/// <summary>One hook point that a harvest holds.</summary>
/// <param name="Name">The hook point's name.</param>
/// <param name="Width">Values a row.</param>
public sealed record HarvestHook(string Name, int Width);
