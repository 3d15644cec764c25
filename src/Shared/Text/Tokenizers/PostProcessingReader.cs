namespace Workbench.Text.Tokenizers;

/// <summary>Reads the field <c>post_processor</c>: null, ByteLevel, TemplateProcessing or a Sequence of these.</summary>
internal static class PostProcessingReader
{
    public static PostProcessing Read(JsonField field)
    {
        return field.IsNull ? PostProcessing.None : Apply(PostProcessing.None, field);
    }

    private static PostProcessing Apply(PostProcessing before, JsonField field)
    {
        switch (field["type"].Text())
        {
            case "Sequence":
                return field["processors"].Items().Aggregate(before, Apply);
            case "ByteLevel":
                return field["trim_offsets"].Flag(whenAbsent: true)
                    ? before with { TrimOffsets = true, KeepFirstSpace = field["add_prefix_space"].Flag(whenAbsent: true) }
                    : before;
            case "TemplateProcessing":
                return ReadTemplate(before, field);
            default:
                throw field["type"].Unsupported("supported are Sequence, ByteLevel and TemplateProcessing");
        }
    }

    private static PostProcessing ReadTemplate(PostProcessing before, JsonField field)
    {
        var prefix = new List<int>();
        var suffix = new List<int>();
        bool textSeen = false;
        foreach (JsonField item in field["single"].Items())
        {
            if (!item["Sequence"].IsNull)
            {
                textSeen = !textSeen ? true : throw item["Sequence"].Unsupported("the text must occur once in the template");
                continue;
            }

            string token = item["SpecialToken"]["id"].Text();
            JsonField definition = field["special_tokens"][token];
            (textSeen ? suffix : prefix).AddRange(definition["ids"].Items().Select(id => id.Id()));
        }

        return textSeen
            ? before with { Prefix = [.. prefix, .. before.Prefix], Suffix = [.. before.Suffix, .. suffix] }
            : throw field["single"].Unsupported("the text must occur once in the template");
    }
}
