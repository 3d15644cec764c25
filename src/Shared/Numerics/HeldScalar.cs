using System.Collections.Concurrent;
using TorchSharp;

namespace Workbench.Numerics;

/// <summary>
/// Scalars for tensor operations that stay alive. TorchSharp 0.107 frees the native value of a scalar in its finalizer, which may run
/// while the operation that the scalar was made for is still reading it; where code runs millions of times, that happens.
/// </summary>
public static class HeldScalar
{
    private const int Most = 4096;

    private static readonly ConcurrentDictionary<double, Scalar> s_numbers = new();
    private static readonly ConcurrentDictionary<long, Scalar> s_integers = new();
    private static readonly ConcurrentQueue<Scalar> s_recent = new();

    /// <summary>A floating-point scalar.</summary>
    public static Scalar Of(double value)
    {
        return s_numbers.Count < Most ? s_numbers.GetOrAdd(value, number => number) : Recent(value);
    }

    /// <summary>An integer scalar.</summary>
    public static Scalar Of(long value)
    {
        return s_integers.Count < Most ? s_integers.GetOrAdd(value, number => number) : Recent(value);
    }

    /// <summary>Holds a scalar until many more were asked for.</summary>
    private static Scalar Recent(Scalar scalar)
    {
        s_recent.Enqueue(scalar);
        if (s_recent.Count > Most)
        {
            _ = s_recent.TryDequeue(out _);
        }

        return scalar;
    }
}
