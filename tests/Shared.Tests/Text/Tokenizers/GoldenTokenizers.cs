using System.Text.Json;
using Workbench.Testing;

namespace Workbench.Shared.Tests.Text.Tokenizers;

/// <summary>The folders of reference encodings, sorted by what their tokenizer.json asks for.</summary>
internal static class GoldenTokenizers
{
    /// <summary>Stands for the folders where there are none, so that the test runs and says why it is skipped.</summary>
    private const string Absent = "(absent)";

    public static IEnumerable<TheoryDataRow<string>> ByteLevel()
    {
        return Folders(byteLevel: true);
    }

    public static IEnumerable<TheoryDataRow<string>> Others()
    {
        return Folders(byteLevel: false);
    }

    public static string Tokenizer(string folder)
    {
        Golden.Require("tokenizers");
        return Golden.Require("tokenizers", folder, "tokenizer.json");
    }

    public static IEnumerable<GoldenEncoding> Cases(string folder)
    {
        return File.ReadLines(Golden.Require("tokenizers", folder, "cases.jsonl")).Select(GoldenEncoding.Parse);
    }

    private static IEnumerable<TheoryDataRow<string>> Folders(bool byteLevel)
    {
        string root = Path.Combine(Golden.Root, "tokenizers");
        string[] folders = Directory.Exists(root)
            ? [.. Golden.Cases(root, "cases.jsonl").Where(folder => IsByteLevel(folder) == byteLevel).Select(folder => Path.GetFileName(folder))]
            : [];
        return folders.DefaultIfEmpty(Absent).Select(folder => new TheoryDataRow<string>(folder));
    }

    private static bool IsByteLevel(string folder)
    {
        JsonElement root = Golden.Json(folder, "tokenizer.json");
        return root.GetProperty("model").GetProperty("type").GetString() == "BPE"
            && root.GetProperty("pre_tokenizer").GetRawText().Contains("\"ByteLevel\"", StringComparison.Ordinal);
    }
}
