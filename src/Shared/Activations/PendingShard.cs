namespace Workbench.Activations;

/// <summary>
/// A shard whose rows are all written and which has no name yet. It may be completed on another thread than the one that wrote it;
/// disposed before that, it is deleted.
/// </summary>
public sealed class PendingShard : IDisposable
{
    private readonly HarvestShard _entry;
    private readonly ArrowOutput _output;
    private readonly IReadOnlyList<ArrowOutput> _rejected;

    /// <param name="entry">The manifest's entry but for length and hash, which are known when the file ends.</param>
    /// <param name="output">The file that becomes the shard.</param>
    /// <param name="rejected">The same rows in other number types, to be deleted.</param>
    internal PendingShard(HarvestShard entry, ArrowOutput output, IReadOnlyList<ArrowOutput> rejected)
    {
        _entry = entry;
        _output = output;
        _rejected = rejected;
    }

    /// <summary>Forces the shard to disk and gives it its name.</summary>
    /// <returns>The shard's entry for the manifest.</returns>
    /// <exception cref="WorkbenchException">The disk refuses.</exception>
    public HarvestShard Complete()
    {
        (string sha256, long bytes) = _output.Complete();
        Dispose();
        return _entry with { Bytes = bytes, Sha256 = sha256 };
    }

    /// <summary>Deletes what has no name.</summary>
    public void Dispose()
    {
        _output.Dispose();
        foreach (ArrowOutput other in _rejected)
        {
            other.Dispose();
        }
    }
}
