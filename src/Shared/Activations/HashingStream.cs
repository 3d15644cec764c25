using System.Security.Cryptography;
using Workbench.Workspaces;

namespace Workbench.Activations;

/// <summary>A write-only stream that hashes what passes through it, so that a written file need not be read again.</summary>
internal sealed class HashingStream(Stream inner) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _position;

    public override bool CanRead => false;

    // The file writer asks for it, to read positions; it never seeks.
    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _position;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException("A hashed stream is written in order.");
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        _hash.AppendData(buffer);
        _position += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Write(buffer.AsSpan(offset, count));
    }

    public override void Flush()
    {
        inner.Flush();
    }

    /// <summary>Forces everything to disk and gives the SHA-256 of what was written.</summary>
    public string Complete()
    {
        AtomicFile.Flush(inner, durable: true);
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        throw new NotSupportedException("A hashed stream is written only.");
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        throw new NotSupportedException("A hashed stream is written in order.");
    }

    public override void SetLength(long value)
    {
        throw new NotSupportedException("A hashed stream is written in order.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
