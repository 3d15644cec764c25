namespace Workbench.Text.Corpora;

/// <summary>The columns that a table gives of those a corpus may have.</summary>
/// <param name="Text">The column of the text.</param>
/// <param name="Name">The column of names; null for none.</param>
/// <param name="Labels">The columns of labels.</param>
internal sealed record TextColumns(string Text, string? Name, IReadOnlyList<string> Labels)
{
    /// <exception cref="WorkbenchException">The table lacks a column.</exception>
    public static TextColumns Of(string path, CorpusSpecification specification, IReadOnlyCollection<string> present)
    {
        string? name = specification.NameColumn ?? (present.Contains("name") && !specification.LabelColumns.Contains("name") && specification.Text != "name" ? "name" : null);
        var columns = new TextColumns(specification.Text, name, specification.LabelColumns);
        return columns.All.FirstOrDefault(column => !present.Contains(column)) is { } absent
            ? throw new WorkbenchException($"{path} has no column '{absent}'; it has {string.Join(", ", present)}: name the columns by ?text=COLUMN&label=COLUMN.")
            : columns;
    }

    public IEnumerable<string> All => [Text, .. Name is null ? [] : new[] { Name }, .. Labels];

    /// <summary>The texts of some rows, given each column's values.</summary>
    public IEnumerable<TextRecord> Records(string path, long firstRow, int rows, Func<string, IReadOnlyList<string?>> column)
    {
        Dictionary<string, IReadOnlyList<string?>> values = All.Distinct().ToDictionary(name => name, column);
        for (int row = 0; row < rows; row++)
        {
            string name = Name is null ? $"{Path.GetFileName(path)}:{firstRow + row}" : values[Name][row] ?? string.Empty;
            yield return new TextRecord(
                name, values[Text][row] ?? string.Empty, Labels.ToDictionary(label => label, label => values[label][row] ?? string.Empty));
        }
    }
}
