namespace Workbench.Text.Windows;

/// <summary>Every way of cutting documents into windows, by name.</summary>
public static class WindowModes
{
    /// <summary>The name of the default: successive windows of one document each.</summary>
    public const string PerDocument = "per-document";

    private static readonly IWindowMode[] s_all =
    [
        .. typeof(IWindowMode).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IWindowMode)))
            .Select(type => (IWindowMode)Activator.CreateInstance(type)!)
            .OrderBy(mode => mode.Name, StringComparer.Ordinal),
    ];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_all.Select(mode => mode.Name)];

    /// <summary>Names with what each does, for help texts.</summary>
    public static string Known => string.Join("; ", s_all.Select(mode => $"{mode.Name}: {mode.Description}"));

    /// <summary>Whether a mode's windows may hold several documents, between which a separator can stand.</summary>
    /// <param name="name">The mode's name.</param>
    /// <exception cref="WorkbenchException">There is none of that name.</exception>
    public static bool JoinsDocuments(string name)
    {
        return Find(name).JoinsDocuments;
    }

    /// <summary>A mode by its name.</summary>
    /// <exception cref="WorkbenchException">There is none of that name.</exception>
    internal static IWindowMode Find(string name)
    {
        return s_all.FirstOrDefault(mode => mode.Name == name)
            ?? throw new WorkbenchException($"'{name}' is no way to cut documents into windows; expected {string.Join(", ", Names)}.");
    }
}
