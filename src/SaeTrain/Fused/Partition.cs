using Workbench.Numerics;

namespace Workbench.SaeTrain.Fused;

/// <summary>Work in parts of fixed size: what a part sums does not depend on which thread does it, nor on how many there are.</summary>
internal static class Partition
{
    /// <summary>Rows of a part.</summary>
    public const int Rows = 32;

    /// <summary>Latents of a part.</summary>
    public const int Latents = 64;

    /// <summary>Number of parts.</summary>
    public static int Count(int total, int size)
    {
        return (total + size - 1) / size;
    }

    /// <summary>Calls <paramref name="work"/> with a part's number, its first element and its end.</summary>
    public static void ForEach(int total, int size, Action<int, int, int> work)
    {
        TorchThreads.For(Count(total, size), part => work(part, part * size, Math.Min(total, (part + 1) * size)));
    }
}
