using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace Workbench.Workspaces;

/// <summary>A whole file of less than 2 GiB as read-only memory that the operating system pages in on use.</summary>
internal sealed unsafe class MappedFile : MemoryManager<byte>
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _length;
    private bool _disposed;

    public MappedFile(string path)
    {
        long length = new FileInfo(path).Length;
        if (length is 0 or > int.MaxValue)
        {
            throw new WorkbenchException($"{path} has {length} bytes where 1 to {int.MaxValue} were expected; write it again.");
        }

        _length = (int)length;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new Span<byte>(_start, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        return new MemoryHandle(_start + elementIndex);
    }

    public override void Unpin()
    {
        // The mapping never moves.
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
    }
}
