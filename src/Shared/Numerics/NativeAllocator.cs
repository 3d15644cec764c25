using System.Runtime.InteropServices;

namespace Workbench.Numerics;

/// <summary>
/// Tells the C library's allocator to keep large freed blocks. By default glibc maps every large block afresh and returns it
/// on release, so each temporary tensor pays a page fault per 4 KiB; keeping the pages makes such steps several times faster.
/// </summary>
public static partial class NativeAllocator
{
    private const int TrimThreshold = -1;
    private const int MapMaximum = -4;
    private const int TopPad = -2;

    /// <summary>Call first in a program, before the first tensor. Does nothing where the C library is not glibc.</summary>
    public static void KeepPages()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = SetOption(MapMaximum, 0);
            _ = SetOption(TrimThreshold, int.MaxValue);
            _ = SetOption(TopPad, 64 << 20);
        }
        catch (Exception absent) when (absent is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library: its own policy stands.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
