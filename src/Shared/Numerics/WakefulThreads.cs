using static TorchSharp.torch;

namespace Workbench.Numerics;

/// <summary>
/// Runs short pieces of work on threads that stay awake for a while after each. A token's matrix-vector products take tens of microseconds,
/// and so does waking a thread that sleeps, as those of libtorch do here between products (<see cref="NativeThreads"/>).
/// </summary>
internal static class WakefulThreads
{
    private static readonly Lock s_gate = new();
    private static WakefulTeam? s_team;

    /// <summary>
    /// Calls <paramref name="work"/> for 0 to <paramref name="parts"/> - 1, on as many threads as libtorch uses, and returns when all are
    /// done; alone while another thread's work is under way.
    /// </summary>
    /// <remarks>Where a part fails, the caller gets the first failure, as it was thrown; other parts may or may not have been done.</remarks>
    public static void For(int parts, Action<int> work)
    {
        int helpers = get_num_threads() - 1;
        if (parts < 2 || helpers < 1 || !s_gate.TryEnter())
        {
            for (int part = 0; part < parts; part++)
            {
                work(part);
            }

            return;
        }

        try
        {
            if (s_team?.Helpers != helpers)
            {
                s_team?.Dispose();
                s_team = new WakefulTeam(helpers);
            }

            s_team.Run(parts, work);
        }
        finally
        {
            s_gate.Exit();
        }
    }
}
