namespace Workbench.Text.Corpora;

/// <summary>
/// A corpus as named on the command line: a built-in name or a path, and after a question mark which columns to take, for example
/// <c>reviews.parquet?text=body&amp;label=stars&amp;label=product</c>.
/// </summary>
/// <param name="Path">The name, file or folder.</param>
/// <param name="TextColumn">The column of the text; null for <c>text</c>.</param>
/// <param name="NameColumn">The column of the documents' names; null for <c>name</c> where there is one.</param>
/// <param name="LabelColumns">Columns that become labels.</param>
/// <param name="Split">The split of a folder that holds several; null for <c>train</c>.</param>
internal sealed record CorpusSpecification(
    string Path, string? TextColumn, string? NameColumn, IReadOnlyList<string> LabelColumns, string? Split)
{
    private const string Expected = "text=COLUMN, name=COLUMN, label=COLUMN (any number) and split=NAME, joined by '&'";

    public string Text => TextColumn ?? "text";

    /// <summary>What of it decides the documents, beside the files' content.</summary>
    public string Columns => string.Join('\n', [Text, NameColumn ?? "name", .. LabelColumns]);

    /// <exception cref="UsageException">What follows the question mark is of another form.</exception>
    public static CorpusSpecification Parse(string specification)
    {
        string[] parts = specification.Split('?', 2);
        string? text = null, name = null, split = null;
        var labels = new List<string>();
        foreach (string pair in parts.Length > 1 ? parts[1].Split('&') : [])
        {
            string value = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
            switch (pair.Split('=')[0])
            {
                case "text" when value.Length > 0 && text is null:
                    text = value;
                    break;
                case "name" when value.Length > 0 && name is null:
                    name = value;
                    break;
                case "split" when value.Length > 0 && split is null:
                    split = value;
                    break;
                case "label" when value.Length > 0 && pair.Contains('=', StringComparison.Ordinal):
                    labels.Add(value);
                    break;
                default:
                    throw new UsageException($"--corpus '{specification}' has '{pair}' after its question mark; expected {Expected}.");
            }
        }

        return new CorpusSpecification(parts[0], text, name, labels, split);
    }
}
