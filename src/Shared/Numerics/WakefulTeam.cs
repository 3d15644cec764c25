using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Workbench.Numerics;

/// <summary>Threads that help with one round of work after the other and sleep when none has come for a while.</summary>
internal sealed class WakefulTeam : IDisposable
{
    private static readonly long s_patience = Stopwatch.Frequency / 2000;

    private readonly Helper[] _helpers;
    private volatile Round _round = new(1, 0, _ => { });
    private volatile bool _disposed;

    public WakefulTeam(int helpers)
    {
        _helpers = [.. Enumerable.Range(1, helpers).Select(number => new Helper(this, number))];
    }

    public int Helpers => _helpers.Length;

    /// <summary>Runs a round; one at a time.</summary>
    public void Run(int parts, Action<int> work)
    {
        var round = new Round(_helpers.Length + 1, parts, work);
        _round = round;
        WakeAll();
        round.Work(0);
        round.Wait();
    }

    public void Dispose()
    {
        _disposed = true;
        WakeAll();
    }

    private void WakeAll()
    {
        // The round must be visible before anybody is taken for awake.
        Interlocked.MemoryBarrier();
        foreach (Helper helper in _helpers)
        {
            helper.Wake();
        }
    }

    /// <summary>Each thread has a stretch of parts, so that it goes through memory in one direction; whoever is done helps with the others'.</summary>
    private sealed class Round(int threads, int parts, Action<int> work)
    {
        // A cache line each.
        private const int Spacing = 16;

        private readonly int[] _taken = new int[threads * Spacing];
        private int _done;
        private Exception? _failure;

        public void Work(int thread)
        {
            for (int i = 0; i < threads; i++)
            {
                Stretch((thread + i) % threads);
            }
        }

        public void Wait()
        {
            long start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _done) < parts)
            {
                // A part that takes long may have lost its core to this very loop.
                if (Stopwatch.GetTimestamp() - start > s_patience)
                {
                    Thread.Yield();
                }

                Thread.SpinWait(1);
            }

            if (_failure is not null)
            {
                ExceptionDispatchInfo.Throw(_failure);
            }
        }

        private void Stretch(int stretch)
        {
            ref int taken = ref _taken[stretch * Spacing];
            int first = (int)((long)parts * stretch / threads);
            int end = (int)((long)parts * (stretch + 1) / threads);
            while (Volatile.Read(ref taken) < end - first && first + Interlocked.Increment(ref taken) - 1 is var part && part < end)
            {
                try
                {
                    work(part);
                }
                catch (Exception failure)
                {
                    _ = Interlocked.CompareExchange(ref _failure, failure, null);
                }

                Interlocked.Increment(ref _done);
            }
        }
    }

    private sealed class Helper
    {
        private readonly WakefulTeam _team;
        private readonly int _number;
        private readonly SemaphoreSlim _woken = new(0);
        private int _asleep;

        public Helper(WakefulTeam team, int number)
        {
            _team = team;
            _number = number;
            new Thread(Run) { IsBackground = true, Name = "kernel helper" }.Start();
        }

        public void Wake()
        {
            if (Interlocked.CompareExchange(ref _asleep, 0, 1) == 1)
            {
                _woken.Release();
            }
        }

        private void Run()
        {
            Round seen = _team._round;
            seen.Work(_number);
            while (!_team._disposed)
            {
                Round round = _team._round;
                if (round == seen)
                {
                    AwaitAfter(seen);
                    continue;
                }

                seen = round;
                seen.Work(_number);
            }

            _woken.Dispose();
        }

        private void AwaitAfter(Round seen)
        {
            long start = Stopwatch.GetTimestamp();
            while (_team._round == seen && !_team._disposed)
            {
                if (Stopwatch.GetTimestamp() - start > s_patience)
                {
                    Sleep(seen);
                    return;
                }

                Thread.SpinWait(1);
            }
        }

        private void Sleep(Round seen)
        {
            _ = Interlocked.Exchange(ref _asleep, 1);
            bool late = _team._round != seen || _team._disposed;
            if (late && Interlocked.CompareExchange(ref _asleep, 0, 1) == 1)
            {
                return;
            }

            _woken.Wait();
        }
    }
}
