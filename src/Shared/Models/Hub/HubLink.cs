using Workbench.Workspaces;

namespace Workbench.Models.Hub;

/// <summary>Puts a file at a second place.</summary>
internal static class HubLink
{
    /// <summary>Links relative to the new place, or copies where the file system has no links. What was there is replaced.</summary>
    public static void Create(string path, string source)
    {
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        string temporary = path + AtomicFile.TemporarySuffix;
        File.Delete(temporary);
        try
        {
            File.CreateSymbolicLink(temporary, Path.GetRelativePath(folder, source));
        }
        catch (Exception impossible) when (impossible is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            File.Copy(source, temporary, overwrite: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
