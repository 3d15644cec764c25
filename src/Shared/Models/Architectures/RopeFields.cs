namespace Workbench.Models.Architectures;

/// <summary>Reads rotary settings: <c>rope_parameters</c> (transformers 5), or <c>rope_theta</c> with <c>rope_scaling</c> (transformers 4).</summary>
internal static class RopeFields
{
    private const double DefaultBase = 10000;
    private const string Share = "partial_rotary_factor";

    /// <summary>Reads settings of a family that rotates whole heads.</summary>
    public static RopeSettings Read(ConfigFields config)
    {
        ConfigFields? parameters = config.Object("rope_parameters");
        RopeSettings settings = Read(config, parameters, DefaultBase, 1);
        return settings.Share == 1 ? settings : throw (parameters ?? config).Bad(Share, "1, as whole heads are rotated");
    }

    /// <summary>Reads settings of a family that may rotate a share of each head.</summary>
    /// <param name="config">The config.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="fallback">Share where the field is absent.</param>
    /// <param name="baseName">Name of the base in the form of transformers 4.</param>
    /// <param name="shareName">Name of the share there.</param>
    public static RopeSettings ReadPartial(ConfigFields config, int headDim, double fallback, string baseName = "rope_theta", string shareName = Share)
    {
        ConfigFields? parameters = config.Object("rope_parameters");
        RopeSettings settings = Read(config, parameters, DefaultBase, fallback, baseName, shareName);
        int rotated = (int)(headDim * settings.Share);
        return rotated >= 2 && rotated % 2 == 0 && rotated <= headDim
            ? settings
            : throw (parameters ?? config).Bad(parameters is null ? shareName : Share, $"a share that rotates an even number of a head's {headDim} elements");
    }

    /// <summary>Reads settings from an object of transformers 5 or, where that is null, from the fields of transformers 4.</summary>
    public static RopeSettings Read(
        ConfigFields config, ConfigFields? parameters, double baseFallback, double shareFallback, string baseName = "rope_theta", string shareName = Share)
    {
        // Files of the time between the two forms hold both; the newer one counts.
        ConfigFields? scaling = config.Object("rope_scaling");
        var settings = new RopeSettings(config.PositiveReal(baseName, baseFallback), Share: config.PositiveReal(shareName, shareFallback));
        if (parameters is not null)
        {
            scaling = parameters;
            settings = new RopeSettings(parameters.PositiveReal("rope_theta", baseFallback), Share: parameters.PositiveReal(Share, shareFallback));
        }

        return scaling is null ? settings : settings with { Scaling = Scaling(scaling) };
    }

    private static RopeScaling? Scaling(ConfigFields scaling)
    {
        string older = scaling.String("type", "default");
        return scaling.String("rope_type", older) switch
        {
            "default" => null,
            "linear" => new RopeScaling(RopeScalingKind.Linear, scaling.PositiveReal("factor")),
            "llama3" => Llama3(scaling),
            _ => throw scaling.Bad(scaling.Has("rope_type") ? "rope_type" : "type", "default, linear or llama3"),
        };
    }

    private static RopeScaling Llama3(ConfigFields scaling)
    {
        double low = scaling.PositiveReal("low_freq_factor");
        double high = scaling.PositiveReal("high_freq_factor");
        return high > low
            ? new RopeScaling(RopeScalingKind.Llama3, scaling.PositiveReal("factor"), low, high, scaling.Positive("original_max_position_embeddings"))
            : throw scaling.Bad("high_freq_factor", "above low_freq_factor");
    }
}
