namespace Workbench.Models.Architectures;

/// <summary>Reads rotary settings: <c>rope_parameters</c> (transformers 5), or <c>rope_theta</c> with <c>rope_scaling</c> (transformers 4).</summary>
internal static class RopeFields
{
    private const double DefaultBase = 10000;

    public static RopeSettings Read(ConfigFields config)
    {
        ConfigFields? parameters = config.Object("rope_parameters");
        ConfigFields? scaling = parameters ?? config.Object("rope_scaling");
        double theta = (parameters ?? config).PositiveReal("rope_theta", DefaultBase);
        if (scaling is null)
        {
            return new RopeSettings(theta);
        }

        string field = scaling.Has("rope_type") ? "rope_type" : "type";
        return scaling.String(field, "default") switch
        {
            "default" => new RopeSettings(theta),
            "linear" => new RopeSettings(theta, new RopeScaling(RopeScalingKind.Linear, scaling.PositiveReal("factor"))),
            "llama3" => new RopeSettings(theta, Llama3(scaling)),
            _ => throw scaling.Bad(field, "default, linear or llama3"),
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
