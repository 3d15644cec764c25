namespace Workbench.Models.Architectures;

/// <summary>Reads the stretching of rotary frequencies by the names and defaults of transformers 5.</summary>
internal static class RopeScalingFields
{
    /// <summary>Reads it.</summary>
    /// <param name="fields"><c>rope_parameters</c> or <c>rope_scaling</c>.</param>
    /// <param name="width">Rotated elements of a head.</param>
    /// <param name="context">Whole context, in tokens.</param>
    /// <param name="original">Context of the first training, in tokens.</param>
    /// <returns>Null for none.</returns>
    public static RopeScaling? Read(ConfigFields fields, int width, int context, int original)
    {
        string older = fields.String("type", "default");
        string kind = fields.String("rope_type", older);

        // Early files of Phi-3 call LongRoPE by these names.
        bool divides = kind is "longrope" or "su" || (kind == "yarn" && fields.Has("short_factor"));
        return kind switch
        {
            "default" => null,
            "linear" => new LinearRopeScaling(fields.PositiveReal("factor")),
            "dynamic" => Dynamic(fields),
            "llama3" => Llama3(fields, original),
            _ when divides => Long(fields, width, context, original),
            "yarn" => Yarn(fields, context, original),
            _ => throw fields.Bad(fields.Has("rope_type") ? "rope_type" : "type", "default, linear, dynamic, llama3, yarn or longrope"),
        };
    }

    /// <summary>Dynamic scaling sets in beyond the model's context, where a text is refused anyway; within it nothing is stretched.</summary>
    private static RopeScaling? Dynamic(ConfigFields fields)
    {
        _ = fields.PositiveReal("factor");
        return null;
    }

    private static Llama3RopeScaling Llama3(ConfigFields fields, int original)
    {
        double low = fields.PositiveReal("low_freq_factor");
        double high = fields.PositiveReal("high_freq_factor");
        return high > low
            ? new Llama3RopeScaling(fields.PositiveReal("factor"), low, high, original)
            : throw fields.Bad("high_freq_factor", "above low_freq_factor");
    }

    private static YarnRopeScaling Yarn(ConfigFields fields, int context, int original)
    {
        // The reference wants the field, be it null.
        double factor = fields.Contains("factor") ? fields.PositiveReal("factor", (double)context / original) : fields.PositiveReal("factor");
        double? multiple = fields.OptionalReal("mscale", null);
        double? divisor = fields.OptionalReal("mscale_all_dim", null);
        double implied = multiple is double m && divisor is double d
            ? YarnRopeScaling.DefaultAttentionFactor(factor, m) / YarnRopeScaling.DefaultAttentionFactor(factor, d)
            : YarnRopeScaling.DefaultAttentionFactor(factor);
        return new YarnRopeScaling(factor, original)
        {
            Attention = fields.PositiveReal("attention_factor", implied),
            FastTurns = fields.PositiveReal("beta_fast", 32),
            SlowTurns = fields.PositiveReal("beta_slow", 1),
            RoundsRamp = fields.Flag("truncate", fallback: true),
        };
    }

    private static LongRopeScaling Long(ConfigFields fields, int width, int context, int original)
    {
        double factor = fields.PositiveReal("factor", (double)context / original);
        return new LongRopeScaling(
            Divisors(fields, "short_factor", width),
            Divisors(fields, "long_factor", width),
            original,
            fields.PositiveReal("attention_factor", LongRopeScaling.DefaultAttentionFactor(factor, original)));
    }

    private static IReadOnlyList<double> Divisors(ConfigFields fields, string field, int width)
    {
        return fields.PositiveReals(field) is { } divisors && divisors.Count == width / 2
            ? divisors
            : throw fields.Bad(field, $"a list of {width / 2} positive numbers, one for each frequency");
    }
}
