namespace Workbench.Models.Architectures;

/// <summary>Reads rotary settings: <c>rope_parameters</c> (transformers 5), or <c>rope_theta</c> with <c>rope_scaling</c> (transformers 4).</summary>
/// <param name="config">The config.</param>
/// <param name="model">What is read so far: sizes of heads, and the context.</param>
internal sealed class RopeFields(ConfigFields config, ModelConfig model)
{
    private const string NewShareName = "partial_rotary_factor";
    private const string OriginalName = "original_max_position_embeddings";

    /// <summary>Base where the fields do not say.</summary>
    public double Base { get; init; } = 10000;

    /// <summary>Share of a head where the fields do not say.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Whether the family may rotate a share of each head only.</summary>
    public bool Partial { get; init; }

    /// <summary>Name of the base in the form of transformers 4.</summary>
    public string BaseName { get; init; } = "rope_theta";

    /// <summary>Name of the share there.</summary>
    public string ShareName { get; init; } = NewShareName;

    /// <summary>Context of the first training where no field says; null for the whole context.</summary>
    public int? OriginalContext { get; init; }

    /// <summary>Reads the settings of a family that rotates all layers alike, and completes its config.</summary>
    public ModelConfig Read()
    {
        RopeSettings settings = Read(config.Object("rope_parameters"));
        int reach = settings.Scaling is YarnRopeScaling yarn && HasOriginal()
            ? (int)Math.Min(yarn.Factor * yarn.OriginalContext, int.MaxValue)
            : 0;

        // Files that stretch with YaRN often name the context before stretching.
        return model with { Rope = settings, ContextLength = Math.Max(model.ContextLength, reach) };
    }

    /// <summary>Reads settings from an object of transformers 5 or, where that is null, from the fields of transformers 4.</summary>
    public RopeSettings Read(ConfigFields? parameters)
    {
        // Files of the time between the two forms hold both; the newer one counts.
        _ = config.Contains("rope_scaling");
        _ = config.Contains(OriginalName);
        double olderBase = config.PositiveReal(BaseName, Base);
        double olderShare = config.PositiveReal(ShareName, Share);
        double theta = parameters?.PositiveReal("rope_theta", Base) ?? olderBase;
        double share = parameters?.PositiveReal(NewShareName, Share) ?? olderShare;
        int rotated = (int)(model.HeadDim * share);
        ConfigFields place = parameters ?? config;
        string name = parameters is null ? ShareName : NewShareName;
        if (!Partial && share != 1)
        {
            throw place.Bad(name, "1, as whole heads are rotated");
        }

        if (rotated < 2 || rotated % 2 != 0 || rotated > model.HeadDim)
        {
            throw place.Bad(name, $"a share that rotates an even number of a head's {model.HeadDim} elements");
        }

        RopeScaling? scaling = (parameters ?? config.Object("rope_scaling")) is ConfigFields fields
            ? RopeScalingFields.Read(fields, rotated, model.ContextLength, Original(fields))
            : null;
        return new RopeSettings(theta, scaling, share);
    }

    /// <summary>A field beside the settings counts before one among them, as in the reference.</summary>
    private int Original(ConfigFields fields)
    {
        int inside = fields.Positive(OriginalName, OriginalContext ?? model.ContextLength);
        return config.Positive(OriginalName, inside);
    }

    private bool HasOriginal()
    {
        ConfigFields? fields = config.Object("rope_parameters") ?? config.Object("rope_scaling");
        return config.Has(OriginalName) || fields?.Has(OriginalName) == true;
    }
}
