using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Workbench.Numerics;

namespace Workbench.Harvest.Benchmarking;

/// <summary>Reads a buffer that no cache holds, on all threads that libtorch computes with.</summary>
internal sealed unsafe class MemoryReading : IDisposable
{
    private const long BufferBytes = 1L << 30;
    private const long PartBytes = 1L << 22;
    private const int Rounds = 3;

    private readonly byte* _buffer;
    private readonly double[] _sums = new double[(int)(BufferBytes / PartBytes)];
    private long _next;

    public MemoryReading()
    {
        _buffer = (byte*)NativeMemory.AlignedAlloc((nuint)BufferBytes, 1 << 21);
        LargePages.Advise(_buffer, (nuint)BufferBytes);
        TorchThreads.For(_sums.Length, part => new Span<byte>(_buffer + (part * PartBytes), (int)PartBytes).Fill(1));
    }

    /// <summary>Bytes a second of reading the whole buffer, the best of a few times.</summary>
    public double BytesPerSecond()
    {
        return Enumerable.Range(0, Rounds).Max(_ => BufferBytes / Timings.Seconds(() => Read(BufferBytes)));
    }

    /// <summary>Reads on from where the last call ended, from the start again behind the end.</summary>
    public void Read(long bytes)
    {
        int parts = (int)((bytes + PartBytes - 1) / PartBytes);
        long first = _next;
        _next = (first + parts) % _sums.Length;
        TorchThreads.For(parts, part =>
        {
            long length = Math.Min(PartBytes, bytes - (part * PartBytes));
            _sums[part % _sums.Length] = Sum(_buffer + ((first + part) % _sums.Length * PartBytes), length);
        });
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(byte* start, long length)
    {
        Vector512<float> a = Vector512<float>.Zero;
        Vector512<float> b = Vector512<float>.Zero;
        Vector512<float> c = Vector512<float>.Zero;
        Vector512<float> d = Vector512<float>.Zero;
        for (byte* at = start; at <= start + length - 256; at += 256)
        {
            a += Vector512.Load((float*)at);
            b += Vector512.Load((float*)(at + 64));
            c += Vector512.Load((float*)(at + 128));
            d += Vector512.Load((float*)(at + 192));
        }

        return Vector512.Sum((a + b) + (c + d));
    }
}
