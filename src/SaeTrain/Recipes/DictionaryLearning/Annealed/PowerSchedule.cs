namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Annealed;

/// <summary>
/// dictionary_learning's schedule of p: at steps that are evenly spaced from a start to the end of the run p takes the next of evenly
/// spaced values, from the following step on. The first of these steps only makes the second value known.
/// </summary>
internal sealed class PowerSchedule
{
    private readonly long[] _changes;
    private readonly float[] _powers;
    private readonly float _first;
    private readonly float _last;

    /// <summary>The schedule of a run.</summary>
    /// <param name="start">The first change.</param>
    /// <param name="steps">Steps of the run; the last change is at their end.</param>
    /// <param name="changes">Number of changes.</param>
    /// <param name="first">p until the first change, and the first value.</param>
    /// <param name="last">The last value.</param>
    public PowerSchedule(long start, long steps, int changes, double first, double last)
    {
        (_first, _last) = ((float)first, (float)last);
        _changes = [.. Enumerable.Range(0, changes).Select(i => (long)Spaced(start, steps, changes, i)).Distinct()];
        _powers = [.. Enumerable.Range(0, changes).Select(i => SpacedSingle(_first, _last, changes, i))];
    }

    /// <summary>p of a step, and the value that it takes at the next change.</summary>
    /// <param name="Power">p.</param>
    /// <param name="Next">The next value, or null before the first change.</param>
    internal readonly record struct Powers(float Power, float? Next);

    /// <summary>The values in force at a step.</summary>
    public Powers At(long step)
    {
        int done = _changes.Count(change => change < step);
        return done == 0 ? new Powers(_first, null) : new Powers(_powers[done - 1], done < _powers.Length ? _powers[done] : _last);
    }

    /// <summary>Whether p changes after a step.</summary>
    public bool ChangesAt(long step)
    {
        return _changes.Contains(step);
    }

    /// <summary>For how many steps up to this one a next value has been known.</summary>
    public long KnownFor(long step)
    {
        return Math.Max(0, step - _changes[0]);
    }

    // Both halves are counted from their own end, as torch.linspace does.
    private static double Spaced(double first, double last, int count, int index)
    {
        double stride = count == 1 ? 0 : (last - first) / (count - 1);
        return index < count / 2 || count == 1 ? first + (stride * index) : last - (stride * (count - index - 1));
    }

    private static float SpacedSingle(float first, float last, int count, int index)
    {
        float stride = count == 1 ? 0 : (last - first) / (count - 1);
        return index < count / 2 || count == 1 ? first + (stride * index) : last - (stride * (count - index - 1));
    }
}
