using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>Asks for rows ahead of their use, where they are read in an order that the processor cannot guess.</summary>
internal static unsafe class Prefetch
{
    private const int LineElements = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row(float* row, int width)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (int column = 0; column < width; column += LineElements)
        {
            Sse.Prefetch1(row + column);
        }
    }
}
