using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Workbench.Numerics;

/// <summary>
/// Runs managed kernels on the threads that libtorch computes with. Those wait for their next product by spinning, so a second pool
/// of threads would share the cores with them; calling into the same OpenMP runtime puts the same threads to work instead.
/// </summary>
public static unsafe class TorchThreads
{
    private static readonly delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void> s_parallel = FindParallel();

    /// <summary>Calls <paramref name="work"/> for 0 to <paramref name="parts"/> - 1 and returns when all are done.</summary>
    /// <exception cref="AggregateException">A part failed.</exception>
    public static void For(int parts, Action<int> work)
    {
        if (s_parallel is null || parts < 2)
        {
            _ = Parallel.For(0, parts, work);
            return;
        }

        var team = new Team(parts, work);
        var handle = GCHandle.Alloc(team);
        try
        {
            s_parallel(&Work, GCHandle.ToIntPtr(handle), (uint)get_num_threads(), 0);
        }
        finally
        {
            handle.Free();
        }

        team.ThrowIfFailed();
    }

    [UnmanagedCallersOnly]
    private static void Work(nint team)
    {
        ((Team)GCHandle.FromIntPtr(team).Target!).Work();
    }

    /// <summary>GNU's OpenMP runtime comes with libtorch on Linux; elsewhere .NET's own threads serve.</summary>
    private static delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void> FindParallel()
    {
        _ = get_num_threads();
        return OperatingSystem.IsLinux()
            && NativeLibrary.TryLoad("libtorch_cpu.so", typeof(TorchThreads).Assembly, null, out nint library)
            && NativeLibrary.TryGetExport(library, "GOMP_parallel", out nint export)
            ? (delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void>)export
            : null;
    }

    /// <summary>Parts are taken from a counter, so any number of threads finishes them.</summary>
    private sealed class Team(int parts, Action<int> work)
    {
        private int _next;
        private Exception? _failure;

        public void Work()
        {
            try
            {
                for (int part = Interlocked.Increment(ref _next) - 1; part < parts; part = Interlocked.Increment(ref _next) - 1)
                {
                    work(part);
                }
            }
            catch (Exception failure)
            {
                // Managed exceptions must not cross native frames; the caller gets the first.
                _ = Interlocked.CompareExchange(ref _failure, failure, null);
            }
        }

        public void ThrowIfFailed()
        {
            if (_failure is not null)
            {
                throw new AggregateException(_failure);
            }
        }
    }
}
