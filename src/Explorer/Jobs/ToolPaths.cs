namespace Workbench.Explorer.Jobs;

/// <summary>Finds the built batch programs and the .NET host that runs them.</summary>
internal sealed class ToolPaths(string? configured)
{
    private static readonly Dictionary<string, string> s_projects = new(StringComparer.Ordinal)
    {
        ["harvest"] = "Harvest",
        ["saetrain"] = "SaeTrain",
    };

    /// <summary>The dotnet executable of the runtime that this process runs on.</summary>
    public static string Host { get; } = Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../..", "dotnet"));

    /// <summary>The assembly of a program.</summary>
    /// <exception cref="WorkbenchException">It was not built.</exception>
    public string Find(string program)
    {
        string file = program + ".dll";
        string output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string[] places = configured is not null
            ? [Path.Combine(configured, file)]
            :
            [
                Path.Combine(output, file),
                Path.Combine(output, program, file),
                Path.GetFullPath(Path.Combine(output, "../..", s_projects[program], Path.GetFileName(output), file)),
                Path.GetFullPath(Path.Combine(output, "..", s_projects[program], file)),
            ];
        return places.FirstOrDefault(File.Exists)
            ?? throw new WorkbenchException(
                $"{file} is not at {string.Join(" nor at ", places)}; build the solution, or name its folder with --tools.");
    }
}
