using Apache.Arrow;
using Workbench.Workspaces;

namespace Workbench.Activations;

/// <summary>
/// A table on its way to disk: rows are gathered by its writer and become a record batch whenever enough are there.
/// </summary>
/// <param name="path">The file's final place.</param>
/// <param name="schema">The table's columns.</param>
/// <param name="take">Makes a record batch of the rows gathered, given the number of the first, and forgets them.</param>
/// <param name="open">Opens the file; by default a plain file stream.</param>
internal sealed class TableOutput(string path, Schema schema, Func<long, RecordBatch> take, FileOpener? open) : IDisposable
{
    private const int BatchRows = 16_384;
    private const long BatchCharacters = 1 << 24;

    private readonly ArrowOutput _file = new(path, AtomicFile.TemporarySuffix, schema, open);
    private long _written;
    private int _pending;
    private long _characters;

    /// <summary>Rows added so far.</summary>
    public long Count => _written + _pending;

    /// <summary>Counts a row that was gathered.</summary>
    /// <param name="characters">The length of its texts, so that long ones do not gather in memory.</param>
    public void Added(int characters = 0)
    {
        _pending++;
        _characters += characters;
        if (_pending == BatchRows || _characters >= BatchCharacters)
        {
            WriteBatch();
        }
    }

    /// <summary>Writes what is gathered and completes the file.</summary>
    /// <exception cref="WorkbenchException">The disk refuses.</exception>
    public void Complete()
    {
        if (_pending > 0)
        {
            WriteBatch();
        }

        _file.Complete();
    }

    public void Dispose()
    {
        _file.Dispose();
    }

    private void WriteBatch()
    {
        _file.Write(take(_written));
        _written += _pending;
        _pending = 0;
        _characters = 0;
    }
}
