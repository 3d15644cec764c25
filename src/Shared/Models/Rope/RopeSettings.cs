namespace Workbench.Models;

/// <summary>Rotary position embedding.</summary>
/// <param name="Base">Base of the wavelengths (theta).</param>
/// <param name="Scaling">Stretching of long wavelengths; null for none.</param>
/// <param name="Share">Share of each head that is rotated, from its start.</param>
public sealed record RopeSettings(double Base, RopeScaling? Scaling = null, double Share = 1);
