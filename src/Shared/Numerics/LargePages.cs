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

    /// <summary>
    /// The same for many blocks. Blocks that lie within a large page of each other are moved together with what lies between, since hardly
    /// a page would lie within one of them.
    /// </summary>
    public static void Gather(IEnumerable<(nint Memory, nint Bytes)> blocks)
    {
        (nint start, nint end) = (0, 0);
        foreach ((nint memory, nint bytes) in blocks.OrderBy(block => block.Memory))
        {
            if (memory - end > (nint)Size)
            {
                Gather((void*)start, (nuint)(end - start));
                start = memory;
            }

            end = Math.Max(end, memory + bytes);
        }

        Gather((void*)start, (nuint)(end - start));
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
