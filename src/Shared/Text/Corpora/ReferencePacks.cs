using System.Runtime.InteropServices;

namespace Workbench.Text.Corpora;

/// <summary>Finds the documentation files of the SDK's reference packs.</summary>
internal static class ReferencePacks
{
    private const string Framework = "net10.0";

    /// <summary>Files of the newest version of each pack, in order of name.</summary>
    /// <exception cref="WorkbenchException">No .NET SDK with reference packs is found.</exception>
    public static IReadOnlyList<string> DocumentationFiles()
    {
        foreach (string root in Roots())
        {
            string packs = Path.Combine(root, "packs");
            if (!Directory.Exists(packs))
            {
                continue;
            }

            string[] files =
            [
                .. Directory.GetDirectories(packs, "*.Ref").Order(StringComparer.Ordinal).SelectMany(NewestVersion),
            ];
            if (files.Length > 0)
            {
                return files;
            }
        }

        throw new WorkbenchException(
            $"No documentation was found under packs/*.Ref/*/ref/{Framework} of {string.Join(" or ", Roots())}; install the .NET 10 SDK or set DOTNET_ROOT to it.");
    }

    private static IEnumerable<string> NewestVersion(string pack)
    {
        return Directory.GetDirectories(pack)
            .Select(folder => (Folder: Path.Combine(folder, "ref", Framework), Version: Version.TryParse(Path.GetFileName(folder).Split('-')[0], out Version? v) ? v : new Version()))
            .Where(candidate => Directory.Exists(candidate.Folder))
            .OrderByDescending(candidate => candidate.Version)
            .Take(1)
            .SelectMany(candidate => Directory.GetFiles(candidate.Folder, "*.xml").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Roots()
    {
        string? named = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        if (!string.IsNullOrEmpty(named))
        {
            yield return named;
        }

        // The runtime lies in <root>/shared/Microsoft.NETCore.App/<version>/.
        yield return Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
    }
}
