namespace Workbench.Activations.Vectors;

/// <summary>What tables of vectors have in common: lists that must all have the length of the first.</summary>
internal static class ColumnVectors
{
    public static int Width(string path, string column, long values, long rows)
    {
        return rows > 0 && values > 0 && values % rows == 0
            ? checked((int)(values / rows))
            : throw new WorkbenchException($"{path} column '{column}' has {values} numbers in {rows} rows; expected lists of one length and no empty ones.");
    }

    public static WorkbenchException Uneven(string path, string column, long row, int width)
    {
        return new WorkbenchException($"{path} column '{column}' has a list of another length than {width}, or a number missing, at row {row}; expected lists of one length.");
    }

    /// <summary>The column that is named, or the only one.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="name">The name; null for the only one.</param>
    /// <param name="vectors">The columns of lists of numbers.</param>
    /// <param name="present">All columns and what they hold.</param>
    public static string Choose(string path, string? name, IReadOnlyCollection<string> vectors, IEnumerable<(string Name, string Kind)> present)
    {
        string held = string.Join(", ", present.Select(column => $"{column.Name} ({column.Kind})"));
        return name is not null
            ? vectors.Contains(name) ? name : throw new WorkbenchException($"{path} has no column '{name}' of lists of floating-point numbers; it has {held}.")
            : vectors.Count == 1 ? vectors.First() : throw new WorkbenchException(
                $"{path} has {(vectors.Count == 0 ? "no column" : "several columns")} of lists of numbers (it has {held}); name one by --array.");
    }
}
