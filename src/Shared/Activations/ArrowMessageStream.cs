using Microsoft.Win32.SafeHandles;

namespace Workbench.Activations;

/// <summary>Some messages of an Arrow IPC file, read one after the other as a stream of their own.</summary>
internal sealed class ArrowMessageStream(SafeFileHandle file, params ArrowMessage[] messages) : Stream
{
    private int _message;
    private long _done;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_message < messages.Length && _done == messages[_message].Length)
        {
            _message++;
            _done = 0;
        }

        if (_message == messages.Length)
        {
            return 0;
        }

        ArrowMessage message = messages[_message];
        int read = RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, message.Length - _done)], message.Start + _done);
        _done += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        return Read(buffer.AsSpan(offset, count));
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        throw new NotSupportedException();
    }

    public override void SetLength(long value)
    {
        throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        throw new NotSupportedException();
    }
}
