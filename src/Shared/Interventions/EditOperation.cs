namespace Workbench.Interventions;

/// <summary>
/// What an edit does to an activation x. d is the latent's direction or the given vector; z is the latent's activation at x, or for a
/// vector the coefficient x.d / |d|^2; a is the strength in the edit's unit. All but <see cref="ProjectOut"/> change x by a multiple
/// of (z' - z) d, so what the dictionary does not explain of x stays.
/// </summary>
public enum EditOperation
{
    /// <summary>x' = x + a d.</summary>
    Add,

    /// <summary>z' = a: x' = x + (a - z) d.</summary>
    Clamp,

    /// <summary>z' = strength z: x' = x + (strength - 1) z d; the strength is a plain factor.</summary>
    Scale,

    /// <summary>z' = 0: x' = x - z d.</summary>
    Zero,

    /// <summary>x' = x - (x.d / |d|^2) d: nothing of the direction is left.</summary>
    ProjectOut,

    /// <summary>z' = min(z, a): x' = x + (min(z, a) - z) d.</summary>
    Cap,
}
