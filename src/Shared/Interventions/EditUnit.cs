namespace Workbench.Interventions;

/// <summary>What a strength s is measured in; a is the amount of the direction d that it stands for.</summary>
public enum EditUnit
{
    /// <summary>The latent's largest activation over its harvest: a = s max. The default for latents; a vector has none.</summary>
    Max,

    /// <summary>The activation's own length: a d has the length s |x|, a = s |x| / |d|.</summary>
    Norm,

    /// <summary>As it is: a = s. The default for vectors.</summary>
    Raw,
}
