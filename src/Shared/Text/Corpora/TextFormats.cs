namespace Workbench.Text.Corpora;

/// <summary>Every <see cref="ITextFormat"/> of the assembly, by the endings of file names.</summary>
internal static class TextFormats
{
    private static readonly ITextFormat[] s_all =
    [
        .. typeof(ITextFormat).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ITextFormat)))
            .Select(type => (ITextFormat)Activator.CreateInstance(type)!)
            .OrderBy(format => format.Name, StringComparer.Ordinal),
    ];

    /// <summary>The endings that are known, for help texts.</summary>
    public static string Known => string.Join(", ", s_all.Where(format => format.Extensions.Count > 0).Select(format => $"{string.Join("/", format.Extensions)}{(format.MayBeCompressed ? "[.gz|.zst]" : string.Empty)}"));

    /// <summary>The format of a file by its name; null where none reads it.</summary>
    public static ITextFormat? Find(string path)
    {
        return s_all.FirstOrDefault(format => Matches(format, path))
            ?? (TextStreams.IsCompressed(path) && s_all.FirstOrDefault(format => Matches(format, Path.ChangeExtension(path, null))) is { MayBeCompressed: true } inner ? inner : null);
    }

    private static bool Matches(ITextFormat format, string path)
    {
        return format.Extensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
    }
}
