using System.Runtime.InteropServices;
using Workbench.Numerics;

namespace Workbench.SaeTrain.Fused;

/// <summary>Memory outside the managed heap that is kept from step to step and grows where a step needs more.</summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint Alignment = 64;

    public NativeBuffer(long length = 0)
    {
        Require(length);
    }

    ~NativeBuffer()
    {
        Release();
    }

    public T* Pointer { get; private set; }

    public long Length { get; private set; }

    public Span<T> Span => new(Pointer, checked((int)Length));

    /// <summary>Makes room for so many elements; what was there before is lost where it grows.</summary>
    public void Require(long length)
    {
        if (length > Length)
        {
            Release();
            Pointer = Allocate(length);
            Length = length;
        }
    }

    /// <summary>Makes room and keeps the first elements.</summary>
    public void Grow(long kept)
    {
        long length = Math.Max(1024, Length * 2);
        T* larger = Allocate(length);
        Buffer.MemoryCopy(Pointer, larger, length * sizeof(T), kept * sizeof(T));
        Release();
        Pointer = larger;
        Length = length;
    }

    public void Clear(long length)
    {
        NativeMemory.Clear(Pointer, (nuint)length * (nuint)sizeof(T));
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private static T* Allocate(long length)
    {
        nuint bytes = (nuint)length * (nuint)sizeof(T);
        void* memory = NativeMemory.AlignedAlloc(bytes, Alignment);
        LargePages.Advise(memory, bytes);
        return (T*)memory;
    }

    private void Release()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        Length = 0;
    }
}
