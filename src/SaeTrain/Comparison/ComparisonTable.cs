using System.Globalization;
using System.Text;

namespace Workbench.SaeTrain.Comparison;

/// <summary>A comparison as a table for people; <c>*</c> marks what is on the Pareto front of its hook.</summary>
internal static class ComparisonTable
{
    private const int HashDigits = 12;

    private static readonly (string Head, bool Right, Func<ComparedDictionary, string> Cell)[] s_columns =
    [
        ("dictionary", false, row => row.Id),
        ("state", false, row => row.State),
        ("recipe", false, row => row.Recipe ?? "-"),
        ("hook", false, row => row.Hook),
        ("latents", true, row => Text(row.Latents, "d")),
        ("tokens", true, row => Text(row.Tokens, "d")),
        ("from", false, row => row.From ?? "-"),
        ("L0", true, row => Text(row.ActiveLatents, "f2")),
        ("FVU", true, row => Text(row.Fvu, "f4") + Mark(row.BestFvu)),
        ("CE recovered", true, row => Text(row.CeRecovered, "f4") + Mark(row.BestCeRecovered)),
        ("dead", true, row => row.DeadShare is double share ? share.ToString("p2", CultureInfo.InvariantCulture) : "-"),
        ("weights", false, row => row.WeightsHash?[..HashDigits] ?? "-"),
    ];

    public static string Of(IReadOnlyList<ComparedDictionary> rows)
    {
        string[][] cells = [[.. s_columns.Select(column => column.Head)], .. rows.Select(row => s_columns.Select(column => column.Cell(row)).ToArray())];
        int[] widths = [.. Enumerable.Range(0, s_columns.Length).Select(column => cells.Max(line => line[column].Length))];
        var text = new StringBuilder();
        foreach (string[] line in cells)
        {
            IEnumerable<string> padded = line.Select((cell, column) => s_columns[column].Right ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            text.AppendLine(string.Join("  ", padded).TrimEnd());
        }

        return text.Append("* no dictionary of the same hook, measured the same way, has as few latents on and a better number").ToString();
    }

    private static string Mark(bool isBest)
    {
        return isBest ? " *" : "  ";
    }

    private static string Text<T>(T? value, string format)
        where T : struct, IFormattable
    {
        return value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
    }
}
