namespace Workbench.Models.Kernels.Products;

/// <summary>Working memory of a thread, kept from call to call; what a call left there is gone at the next.</summary>
internal static unsafe class ThreadScratch
{
    private const int Alignment = 64;

    [ThreadStatic]
    private static byte[]? t_memory;

    /// <summary>At least so many bytes, at the start of a cache line.</summary>
    public static byte* Take(long bytes)
    {
        if (t_memory is null || t_memory.Length < bytes + Alignment)
        {
            t_memory = GC.AllocateUninitializedArray<byte>(checked((int)(bytes + Alignment)), pinned: true);
        }

        fixed (byte* start = t_memory)
        {
            return (byte*)(((nint)start + Alignment - 1) & -Alignment);
        }
    }
}
