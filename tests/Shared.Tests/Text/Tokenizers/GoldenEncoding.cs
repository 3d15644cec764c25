using System.Text.Json;

namespace Workbench.Shared.Tests.Text.Tokenizers;

/// <summary>One line of a cases.jsonl, with what it leaves out filled in.</summary>
internal sealed record GoldenEncoding(string Text, int[] Ids, int[] Offsets, int[] SpecialIds, string Decoded)
{
    public static GoldenEncoding Parse(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        string text = root.GetProperty("text").GetString()!;
        int[] ids = Numbers(root.GetProperty("ids"));
        return new GoldenEncoding(
            text,
            ids,
            Numbers(root.TryGetProperty("utf16_offsets", out JsonElement utf16) ? utf16 : root.GetProperty("offsets")),
            root.TryGetProperty("ids_special", out JsonElement special) ? Numbers(special) : ids,
            root.TryGetProperty("decoded", out JsonElement decoded) ? decoded.GetString()! : text);
    }

    private static int[] Numbers(JsonElement array)
    {
        return [.. array.EnumerateArray().Select(number => number.GetInt32())];
    }
}
