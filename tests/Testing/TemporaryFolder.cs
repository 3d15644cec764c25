namespace Workbench.Testing;

/// <summary>A folder that is deleted at the end of a test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("workbench-").FullName;
    }

    public string Path { get; }

    /// <summary>A path inside the folder.</summary>
    public string At(params string[] parts)
    {
        return System.IO.Path.Combine([Path, .. parts]);
    }

    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
    }
}
