using System.Text;
using Workbench.Workspaces;

namespace Workbench.Models.Hub;

/// <summary>
/// One model's folder in the cache, laid out as the hub's official client does: <c>blobs</c> by content, <c>refs</c> from branch
/// or tag to commit, and <c>snapshots/COMMIT</c> of links to blobs under the files' own names.
/// </summary>
internal sealed class HubCache
{
    private const string Prefix = "models--";

    private readonly string _root;
    private readonly string _folder;

    public HubCache(string root, HubReference reference)
    {
        _root = root;
        _folder = $"{Prefix}{reference.Owner}--{reference.Name}";
        Path = System.IO.Path.Combine(root, _folder);
    }

    public string Path { get; }

    /// <summary>The model whose snapshot a folder is, as OWNER/NAME; null for any other folder.</summary>
    public static string? NameOf(string folder)
    {
        string[] parts = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder)).Split(System.IO.Path.DirectorySeparatorChar);
        return parts is [.., var model, "snapshots", _] && model.StartsWith(Prefix, StringComparison.Ordinal) && model[Prefix.Length..].Split("--") is [var owner, var name]
            ? $"{owner}/{name}"
            : null;
    }

    /// <summary>The folder of a revision's files, where it was fetched before; else null.</summary>
    public string? FindSnapshot(HubReference reference)
    {
        string named = RefPath(reference.Revision);
        string commit = !reference.IsCommit && File.Exists(named) ? File.ReadAllText(named).Trim() : reference.Revision;
        string folder = System.IO.Path.Combine(Path, "snapshots", commit);
        return commit == System.IO.Path.GetFileName(commit) && commit.Length > 0 && Directory.Exists(folder) ? folder : null;
    }

    public string SnapshotFolder(string commit)
    {
        return System.IO.Path.Combine(Path, "snapshots", commit);
    }

    public string BlobPath(string etag)
    {
        return System.IO.Path.Combine(Path, "blobs", etag);
    }

    /// <summary>Where a blob grows until it is complete and checked.</summary>
    public string PartialPath(string etag)
    {
        return BlobPath(etag) + ".incomplete";
    }

    /// <summary>Bytes of a blob that are not here yet.</summary>
    public long Missing(HubFile file)
    {
        return File.Exists(BlobPath(file.Etag)) ? 0
            : File.Exists(PartialPath(file.Etag)) ? Math.Max(0, file.Bytes - new FileInfo(PartialPath(file.Etag)).Length)
            : file.Bytes;
    }

    public void WriteRef(string revision, string commit)
    {
        string path = RefPath(revision);
        string temporary = TemporaryPath();
        WriteFailure.Guard(path, () =>
        {
            if (!File.Exists(path) || File.ReadAllText(path) != commit)
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
                using (var file = new FileStream(temporary, FileMode.CreateNew))
                {
                    file.Write(Encoding.ASCII.GetBytes(commit));
                    file.Flush(flushToDisk: true);
                }

                File.Move(temporary, path, overwrite: true);
            }
        });
    }

    /// <summary>Keeps other processes, the official client's too, from fetching the same blob.</summary>
    public async Task<IDisposable> LockAsync(string etag, CancellationToken cancellation)
    {
        string path = System.IO.Path.Combine(_root, ".locks", _folder, etag + ".lock");
        WriteFailure.Guard(path, () => Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!));
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                throw WriteFailure.Explain(path, refused);
            }
        }
    }

    /// <summary>Gives a blob its file name in a snapshot: by a relative link, or by a copy where links are not possible.</summary>
    public void Place(string etag, string commit, string file)
    {
        string target = System.IO.Path.Combine(SnapshotFolder(commit), file);
        WriteFailure.Guard(target, () => HubLink.Create(target, BlobPath(etag), TemporaryPath()));
    }

    // Beside refs and snapshots, where the official client would take a stray file for an entry.
    private string TemporaryPath()
    {
        return System.IO.Path.Combine(Path, System.IO.Path.GetRandomFileName() + AtomicFile.TemporarySuffix);
    }

    private string RefPath(string revision)
    {
        return System.IO.Path.Combine(Path, "refs", revision);
    }
}
