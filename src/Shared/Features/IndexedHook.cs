namespace Workbench.Features;

/// <summary>One of the hook points of a dictionary of several.</summary>
/// <param name="Name">The hook point's name.</param>
/// <param name="Width">Features of an activation there.</param>
/// <param name="MeanNorm">The mean norm of the activations analysed, in whose units directions are compared between hooks; null where the harvest has no statistics of the hook.</param>
public sealed record IndexedHook(string Name, int Width, double? MeanNorm);
