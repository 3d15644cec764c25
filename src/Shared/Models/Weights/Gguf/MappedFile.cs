using System.IO.MemoryMappedFiles;

namespace Workbench.Models.Weights;

/// <summary>A whole file as read-only memory, without reading it first.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _start;

    public MappedFile(string path)
    {
        Path = path;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            Length = file.Length;
            if (Length == 0)
            {
                return;
            }

            _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"{path} cannot be read ({failure.Message}); check the path and its permissions.", failure);
        }

        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>Bytes of the file; valid until disposal.</summary>
    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_view is { SafeMemoryMappedViewHandle.IsClosed: true }, this);
        return offset < 0 || length < 0 || length > Length - offset
            ? throw new ArgumentOutOfRangeException(nameof(offset), $"Bytes {offset} + {length} are outside {Path}.")
            : new ReadOnlySpan<byte>(_start + offset, length);
    }

    public void Dispose()
    {
        if (_view is { SafeMemoryMappedViewHandle.IsClosed: false } view)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            _map?.Dispose();
        }
    }
}
