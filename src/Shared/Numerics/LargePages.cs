using System.Runtime.InteropServices;

namespace Workbench.Numerics;

/// <summary>
/// Asks the operating system to back memory by large pages. Kernels that read rows of a large matrix in random order spend a third
/// of their time on the translation of addresses where pages are small.
/// </summary>
public static unsafe partial class LargePages
{
    private const nuint Size = 2 << 20;
    private const int HugePage = 14;
    private const int Collapse = 25;

    /// <summary>Asks for large pages at the first touch of memory that was just allocated.</summary>
    public static void Advise(void* memory, nuint bytes)
    {
        Call(memory, bytes, HugePage);
    }

    /// <summary>Moves memory that is already in use to large pages; contents stay. Does nothing where the system cannot.</summary>
    public static void Gather(void* memory, nuint bytes)
    {
        Call(memory, bytes, HugePage);
        Call(memory, bytes, Collapse);
    }

    private static void Call(void* memory, nuint bytes, int advice)
    {
        nuint first = ((nuint)memory + Size - 1) & ~(Size - 1);
        nuint end = ((nuint)memory + bytes) & ~(Size - 1);
        if (!OperatingSystem.IsLinux() || end <= first)
        {
            return;
        }

        try
        {
            _ = MemoryAdvice((void*)first, end - first, advice);
        }
        catch (Exception absent) when (absent is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library: pages stay as they are.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "madvise")]
    private static partial int MemoryAdvice(void* memory, nuint bytes, int advice);
}
