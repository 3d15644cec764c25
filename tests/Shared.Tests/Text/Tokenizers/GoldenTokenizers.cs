using Workbench.Testing;

namespace Workbench.Shared.Tests.Text.Tokenizers;

/// <summary>The folders of reference encodings.</summary>
internal static class GoldenTokenizers
{
    /// <summary>Stands for the folders where there are none, so that the test runs and says why it is skipped.</summary>
    private const string Absent = "(absent)";

    public static IEnumerable<TheoryDataRow<string>> All()
    {
        string root = Path.Combine(Golden.Root, "tokenizers");
        string[] folders = Directory.Exists(root) ? [.. Golden.Cases(root, "cases.jsonl").Select(folder => Path.GetFileName(folder))] : [];
        return folders.DefaultIfEmpty(Absent).Select(folder => new TheoryDataRow<string>(folder));
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
}
