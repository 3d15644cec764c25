namespace Workbench.Models.Hub;

/// <summary>Puts a file at a second place.</summary>
internal static class HubLink
{
    /// <summary>Links relative to the new place, or copies where the file system has no links. What was there is replaced.</summary>
    /// <param name="path">The new place.</param>
    /// <param name="source">The file.</param>
    /// <param name="temporary">A name on the same file system that nobody else uses.</param>
    public static void Create(string path, string source, string temporary)
    {
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        string target = Path.GetRelativePath(folder, source);
        if (new FileInfo(path).LinkTarget == target)
        {
            return;
        }

        try
        {
            File.CreateSymbolicLink(temporary, target);
        }
        catch (Exception impossible) when (impossible is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            File.Copy(source, temporary, overwrite: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
