namespace Workbench.Testing;

/// <summary>A disk that has room for so many bytes; every file opened on it draws on the same room.</summary>
public sealed class FullDisk(long room)
{
    private const int NoSpaceLeft = 28;

    /// <summary>Opens a file on this disk.</summary>
    public Stream Open(string path)
    {
        return new LimitedStream(new FileStream(path, FileMode.Create, FileAccess.Write), this);
    }

    private void Take(int bytes)
    {
        if (Interlocked.Add(ref room, -bytes) < 0)
        {
            throw new IOException("No space left on device", NoSpaceLeft);
        }
    }

    private sealed class LimitedStream(FileStream file, FullDisk disk) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position
        {
            get => file.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            disk.Take(count);
            file.Write(buffer, offset, count);
        }

        public override void Flush()
        {
            file.Flush();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            throw new NotSupportedException();
        }

        public override long Seek(long offset, SeekOrigin origin)
        {
            throw new NotSupportedException();
        }

        public override void SetLength(long value)
        {
            throw new NotSupportedException();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
