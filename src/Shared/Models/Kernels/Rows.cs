using Workbench.Numerics;
using static TorchSharp.torch;

namespace Workbench.Models.Kernels;

/// <summary>Splits rows between as many threads as libtorch uses.</summary>
internal static class Rows
{
    /// <summary>Runs <paramref name="work"/> on ranges that cover 0 to <paramref name="rows"/>.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="least">Fewest rows that are worth a thread.</param>
    /// <param name="work">Gets the first row and the one after the last.</param>
    public static void Split(int rows, int least, Action<int, int> work)
    {
        int parts = Math.Min(get_num_threads(), rows / Math.Max(least, 1));
        if (parts <= 1)
        {
            work(0, rows);
            return;
        }

        TorchThreads.For(parts, part => work((int)((long)rows * part / parts), (int)((long)rows * (part + 1) / parts)));
    }
}
