namespace Workbench.Text.Tokenizers;

/// <summary>Reads the field <c>normalizer</c>: null or an empty Sequence.</summary>
internal static class NormalizerReader
{
    public static INormalizer? Read(JsonField field)
    {
        if (field.IsNull)
        {
            return null;
        }

        switch (field["type"].Text())
        {
            case "Sequence":
                JsonField[] parts = [.. field["normalizers"].Items()];
                return parts switch
                {
                    [] => null,
                    [JsonField only] => Read(only),
                    _ => throw parts[1]["type"].Unsupported("a sequence of more than one normaliser"),
                };
            default:
                throw field["type"].Unsupported("supported is none");
        }
    }
}
