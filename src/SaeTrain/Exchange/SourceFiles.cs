using Workbench.Workspaces;

namespace Workbench.SaeTrain.Exchange;

/// <summary>The files of a dictionary that is to be imported.</summary>
internal static class SourceFiles
{
    private const string Checkpoints = "checkpoints";

    /// <summary>SHA-256 over the names and contents of a file, or of a folder's files and those of its checkpoints.</summary>
    /// <exception cref="WorkbenchException">A file cannot be read.</exception>
    public static string Hash(string path)
    {
        if (File.Exists(path))
        {
            return ContentHash.OfFile(path);
        }

        string nested = Path.Combine(path, Checkpoints);
        IEnumerable<string> files = Directory.GetFiles(path).Concat(Directory.Exists(nested) ? Directory.GetFiles(nested) : []);
        return ContentHash.OfText(string.Join('\n', files
            .Select(file => Path.GetRelativePath(path, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .Select(name => $"{name} {ContentHash.OfFile(Path.Combine(path, name))}")));
    }
}
