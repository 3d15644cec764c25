using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>Asks for rows ahead of their use, where they are read in an order that the processor cannot guess.</summary>
internal static unsafe class Prefetch
{
    private const int LineBytes = 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row(float* row, int width)
    {
        Bytes(row, width * sizeof(float));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Bytes(void* memory, int bytes)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (int offset = 0; offset < bytes; offset += LineBytes)
        {
            Sse.Prefetch1((byte*)memory + offset);
        }
    }
}
