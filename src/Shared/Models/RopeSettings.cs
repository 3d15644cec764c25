namespace Workbench.Models;

/// <summary>Rotary position embedding.</summary>
/// <param name="Base">Base of the wavelengths (theta).</param>
/// <param name="Scaling">Stretching of long wavelengths; null for none.</param>
public sealed record RopeSettings(double Base, RopeScaling? Scaling = null);
