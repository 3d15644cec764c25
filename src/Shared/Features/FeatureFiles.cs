using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Features;

/// <summary>Names, formats and schemas of an index's three files.</summary>
internal static class FeatureFiles
{
    public const string Features = "features.arrow";
    public const string Examples = "examples.arrow";
    public const string Codes = "codes.arrow";

    public const string FeaturesFormat = "features-1";
    public const string ExamplesFormat = "examples-1";
    public const string CodesFormat = "codes-1";

    public const string DirectionNorms = "direction_norms";
    public const string HookFireCount = "hook_fire_count";

    public const string InfoKey = "workbench.index";
    public const string CodesKey = "workbench.codes";
    public const string LatentsPerBatchKey = "workbench.latents_per_batch";

    public static Schema FeatureSchema(FeatureIndexInfo info)
    {
        Schema.Builder schema = new Schema.Builder()
            .Field(Plain("latent", Int32Type.Default))
            .Field(Plain("fire_count", Int64Type.Default))
            .Field(Plain("token_count", Int64Type.Default))
            .Field(Plain("sequence_count", Int64Type.Default))
            .Field(Plain("max", FloatType.Default))
            .Field(Plain("sum", DoubleType.Default))
            .Field(Plain("sum_squares", DoubleType.Default))
            .Field(Plain("decoder_norm", FloatType.Default))
            .Field(Plain("top_token", Int32Type.Default))
            .Field(Plain("flags", Int32Type.Default))
            .Field(Plain("example_start", Int64Type.Default))
            .Field(Plain("example_count", Int32Type.Default))
            .Field(Fixed("histogram", Int64Type.Default, info.HistogramBins))
            .Field(Fixed("interval_sequences", Int64Type.Default, info.Intervals))
            .Field(Fixed("neighbour_latents", Int32Type.Default, info.Neighbours))
            .Field(Fixed("neighbour_cosines", FloatType.Default, info.Neighbours));
        if (info.Logits > 0)
        {
            schema = schema
                .Field(Fixed("top_logit_ids", Int32Type.Default, info.Logits))
                .Field(Fixed("top_logit_values", FloatType.Default, info.Logits))
                .Field(Fixed("bottom_logit_ids", Int32Type.Default, info.Logits))
                .Field(Fixed("bottom_logit_values", FloatType.Default, info.Logits));
        }

        if (info.DirectionHooks > 0)
        {
            schema = schema.Field(Fixed(DirectionNorms, FloatType.Default, info.DirectionHooks));
        }

        if (info.CountedHooks > 0)
        {
            schema = schema.Field(Fixed(HookFireCount, Int64Type.Default, info.CountedHooks));
        }

        return Named(schema, FeaturesFormat, info).Metadata(InfoKey, Text(info)).Build();
    }

    public static Schema ExampleSchema(FeatureIndexInfo info, int latentsPerBatch)
    {
        Schema.Builder schema = new Schema.Builder()
            .Field(Plain("latent", Int32Type.Default))
            .Field(Plain("group", StringType.Default))
            .Field(Plain("sequence", Int64Type.Default))
            .Field(Plain("document", Int64Type.Default))
            .Field(Plain("position", Int32Type.Default))
            .Field(Plain("peak", FloatType.Default))
            .Field(Variable("tokens", Int32Type.Default))
            .Field(Variable("activations", FloatType.Default));
        return Named(schema, ExamplesFormat, info)
            .Metadata(InfoKey, Text(info))
            .Metadata(LatentsPerBatchKey, latentsPerBatch.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .Build();
    }

    public static Schema CodeSchema(FeatureIndexInfo info)
    {
        Schema.Builder schema = new Schema.Builder()
            .Field(Plain("token_id", Int32Type.Default))
            .Field(Plain("sequence", Int64Type.Default))
            .Field(Plain("position", Int32Type.Default))
            .Field(Variable("latents", Int32Type.Default))
            .Field(Variable("values", FloatType.Default));
        return Named(schema, CodesFormat, info).Build();
    }

    private static Schema.Builder Named(Schema.Builder schema, string format, FeatureIndexInfo info)
    {
        return schema.Metadata(MappedArrow.FormatKey, format).Metadata(CodesKey, info.CodesKey);
    }

    private static string Text(FeatureIndexInfo info)
    {
        return JsonSerializer.Serialize(info, WorkbenchJson.Compact);
    }

    private static Field Plain(string name, IArrowType type)
    {
        return new Field(name, type, nullable: false);
    }

    private static Field Fixed(string name, IArrowType item, int size)
    {
        return Plain(name, new FixedSizeListType(new Field("item", item, nullable: false), size));
    }

    private static Field Variable(string name, IArrowType item)
    {
        return Plain(name, new ListType(new Field("item", item, nullable: false)));
    }
}
