using Workbench.Models.Weights.Npz;

namespace Workbench.Activations.Vectors;

/// <summary>
/// Reads an array from a given row on, block by block, so that memory holds one block whatever the array's size. Numbers come in
/// this machine's byte order, rows one after the other.
/// </summary>
internal sealed class ArrayReader : IDisposable
{
    private const int SkipBytes = 1 << 16;

    private readonly StoredArray _array;
    private readonly Stream _stream;
    private readonly long _rows;
    private readonly long _width;
    private readonly long _start;
    private long _next;

    /// <param name="array">The array.</param>
    /// <param name="width">Numbers of a row: a divisor of the array's.</param>
    /// <param name="firstRow">The first row to read.</param>
    /// <exception cref="WorkbenchException">It is stored in column order, in a form that cannot be read by rows.</exception>
    public ArrayReader(StoredArray array, long width, long firstRow)
    {
        _array = array;
        _width = width;
        _rows = array.Elements / width;
        _next = firstRow;
        _stream = Guard(array.Open);
        bool isStrided = array.IsFortran && array.Shape.Length > 1;
        if (isStrided && (array.Shape.Length > 2 || !_stream.CanSeek))
        {
            _stream.Dispose();
            throw new WorkbenchException($"{array.What} is stored in column order, {(array.Shape.Length > 2 ? "with more than two sizes" : "compressed or in an archive")}; save it by numpy.ascontiguousarray.");
        }

        IsStrided = isStrided;
        _start = _stream.CanSeek ? _stream.Position : 0;
        if (!isStrided)
        {
            Skip(firstRow * width * array.ElementBytes);
        }
    }

    private bool IsStrided { get; }

    /// <summary>The next rows' bytes.</summary>
    /// <exception cref="WorkbenchException">The file ends before them, or its compression is damaged.</exception>
    public void Read(Span<byte> target)
    {
        int rowBytes = checked((int)(_width * _array.ElementBytes));
        int rows = target.Length / rowBytes;
        if (IsStrided)
        {
            ReadColumns(target, rows);
        }
        else
        {
            Fill(target);
        }

        if (_array.IsBigEndian)
        {
            ByteOrder.Reverse(target, _array.ElementBytes);
        }

        _next += rows;
    }

    public void Dispose()
    {
        _stream.Dispose();
    }

    private void ReadColumns(Span<byte> target, int rows)
    {
        int size = _array.ElementBytes;
        byte[] column = new byte[rows * size];
        for (int at = 0; at < _width; at++)
        {
            _stream.Position = _start + (((at * _rows) + _next) * size);
            Fill(column);
            for (int row = 0; row < rows; row++)
            {
                column.AsSpan(row * size, size).CopyTo(target[(int)(((row * _width) + at) * size)..]);
            }
        }
    }

    private void Skip(long bytes)
    {
        if (_stream.CanSeek)
        {
            _stream.Position = _start + bytes;
            return;
        }

        Span<byte> passed = new byte[(int)Math.Min(bytes, SkipBytes)];
        for (long left = bytes; left > 0; left -= passed.Length)
        {
            passed = passed[..(int)Math.Min(left, passed.Length)];
            Fill(passed);
        }
    }

    private void Fill(Span<byte> target)
    {
        try
        {
            if (_stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) == target.Length)
            {
                return;
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            throw Unreadable(failure);
        }

        throw new WorkbenchException($"{_array.What} ends early; the file is damaged, fetch it again.");
    }

    private Stream Guard(Func<Stream> open)
    {
        try
        {
            return open();
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw Unreadable(failure);
        }
    }

    private WorkbenchException Unreadable(Exception failure)
    {
        return new WorkbenchException($"{_array.What} cannot be read ({failure.Message.TrimEnd('.')}); fetch it again.", failure);
    }
}
