namespace Workbench.Models.Architectures;

/// <summary>The families that this build knows: every <see cref="IArchitecture"/> of the assembly.</summary>
internal static class ArchitectureRegistry
{
    private static readonly SortedDictionary<string, IArchitecture> s_byFamily = new(
        typeof(IArchitecture).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IArchitecture)))
            .Select(type => (IArchitecture)Activator.CreateInstance(type)!)
            .ToDictionary(architecture => architecture.Family),
        StringComparer.Ordinal);

    public static IEnumerable<string> Families => s_byFamily.Keys;

    /// <summary>Finds a family.</summary>
    /// <param name="family">Its name.</param>
    /// <param name="field">Where the name was read, for the message.</param>
    /// <exception cref="WorkbenchException">This build does not know it.</exception>
    public static IArchitecture Find(string family, string field)
    {
        return s_byFamily.GetValueOrDefault(family) ?? throw Unknown(family, field, Families, $", and the text parts of {string.Join(", ", ModelWrapper.Known)}");
    }

    /// <summary>Finds a family whose GGUF files are read.</summary>
    /// <param name="name">The name in its files.</param>
    /// <param name="field">Where the name was read, for the message.</param>
    /// <exception cref="WorkbenchException">This build does not read them.</exception>
    public static IGgufArchitecture FindGguf(string name, string field)
    {
        IGgufArchitecture[] known = [.. s_byFamily.Values.OfType<IGgufArchitecture>()];
        return known.FirstOrDefault(architecture => architecture.GgufName == name)
            ?? throw Unknown(name, field, known.Select(architecture => architecture.GgufName), string.Empty);
    }

    private static WorkbenchException Unknown(string family, string field, IEnumerable<string> known, string more)
    {
        return new WorkbenchException($"{field} is '{family}', an architecture that is not supported; supported: {string.Join(", ", known)}{more}.");
    }
}
