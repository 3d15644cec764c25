using Apache.Arrow;
using Apache.Arrow.Ipc;
using Workbench.Workspaces;

namespace Workbench.Activations;

/// <summary>
/// One Arrow IPC file on its way to disk under a temporary name. It takes its final name when complete; disposed before that,
/// it is deleted.
/// </summary>
internal sealed class ArrowOutput : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly HashingStream _stream;
    private readonly ArrowFileWriter _writer;
    private bool _completed;

    public ArrowOutput(string path, string temporarySuffix, Schema schema, FileOpener? open)
    {
        _path = path;
        _temporary = path + temporarySuffix;
        HashingStream? stream = null;
        WriteFailure.Guard(path, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            stream = new HashingStream((open ?? AtomicFile.Open)(_temporary));
        });
        _stream = stream!;
        _writer = new ArrowFileWriter(_stream, schema, leaveOpen: true);
    }

    public void Write(RecordBatch batch)
    {
        WriteFailure.Guard(_path, () => _writer.WriteRecordBatch(batch));
    }

    /// <summary>Ends the file, forces it to disk and gives it its name.</summary>
    /// <returns>The file's SHA-256 and its length in bytes.</returns>
    public (string Sha256, long Bytes) Complete()
    {
        (string Sha256, long Bytes) result = default;
        WriteFailure.Guard(_path, () =>
        {
            _writer.WriteEnd();
            result = (_stream.Complete(), _stream.Length);
            _stream.Dispose();
            File.Move(_temporary, _path, overwrite: true);
            _completed = true;
        });
        return result;
    }

    public void Dispose()
    {
        _writer.Dispose();
        if (!_completed)
        {
            try
            {
                _stream.Dispose();
            }
            catch (IOException)
            {
                // A full disk refuses the last buffered bytes too; the file is thrown away.
            }

            File.Delete(_temporary);
        }
    }
}
