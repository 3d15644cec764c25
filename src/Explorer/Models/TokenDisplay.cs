namespace Workbench.Explorer.Models;

/// <summary>How a token's text is put on a page: its space kept, what cannot be seen made visible.</summary>
public static class TokenDisplay
{
    /// <summary>In running text: a line break is marked and kept.</summary>
    public static string Running(string text)
    {
        return Marked(text, "↵\n");
    }

    /// <summary>In a cell or a list: everything on one line.</summary>
    public static string Inline(string text)
    {
        return Marked(text, "↵");
    }

    /// <summary>As spoken.</summary>
    public static string Spoken(string text)
    {
        return text.Trim().Length > 0 ? text.Trim() : text.Contains('\n') ? "line break" : text.Length > 0 ? "space" : "part of a character";
    }

    private static string Marked(string text, string lineBreak)
    {
        return text.Replace("\r\n", lineBreak, StringComparison.Ordinal)
            .Replace("\r", "␍", StringComparison.Ordinal)
            .Replace("\n", lineBreak, StringComparison.Ordinal)
            .Replace("\t", "⇥\t", StringComparison.Ordinal);
    }
}
