namespace Workbench.Shared.Tests.Fixtures;

/// <summary>Files that other programs wrote, and the rows that every one of them holds; Foreign/README.md says how they were made.</summary>
internal static class ForeignFile
{
    public const int Width = 4;

    public static string[] Texts { get; } = ["alpha", "", "", "naïve café — 日本語 🙂", "line\nbreak \"quoted\"", string.Join(' ', Enumerable.Repeat("long", 60)), "omega"];

    public static string[] Kinds { get; } = ["x", "y", "x", "", "y", "x", "z"];

    public static string[] Stars { get; } = ["1", "", "3", "4", "5", "-6", "7"];

    public static string[] Scores { get; } = ["0.5", "1.5", "-2.25", "0.001", "0", "100", "7"];

    public static string[] Flags { get; } = ["true", "false", "true", "true", "", "false", "true"];

    public static float[] Vectors { get; } = [.. Enumerable.Range(0, 7).SelectMany(i => new[] { i + 0.5f, -i, i * 0.25f, 3 })];

    public static string Path(string name)
    {
        return System.IO.Path.Combine(AppContext.BaseDirectory, "Fixtures", "Foreign", name);
    }

    /// <summary>The names of the files of some endings.</summary>
    public static IEnumerable<string> Names(params string[] endings)
    {
        return Directory.EnumerateFiles(Path(string.Empty)).Select(path => System.IO.Path.GetFileName(path)!).Where(name => endings.Any(name.EndsWith)).Order(StringComparer.Ordinal);
    }
}
