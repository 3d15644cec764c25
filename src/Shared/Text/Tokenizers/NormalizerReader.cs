namespace Workbench.Text.Tokenizers;

/// <summary>Reads the field <c>normalizer</c>: null, NFC, or a Sequence of one.</summary>
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
            case "NFC":
                return new ComposingNormalizer();
            default:
                throw field["type"].Unsupported("supported are none and NFC");
        }
    }
}
