namespace Workbench.Text.Tokenizers.Chat;

/// <summary>Python's slices of lists and strings.</summary>
internal static class TemplateSlice
{
    public static object? Of(object? value, object? start, object? stop, object? step)
    {
        List<object?> items = TemplateValues.Items(value);
        List<object?> taken = Take(items, Bound(start), Bound(stop), Bound(step) ?? 1);
        return value is string ? string.Concat(taken) : taken;
    }

    private static List<object?> Take(List<object?> items, long? start, long? stop, long step)
    {
        if (step == 0)
        {
            throw TemplateError.Running("it takes a slice with step 0");
        }

        bool forward = step > 0;
        long lowest = forward ? 0 : -1;
        long highest = forward ? items.Count : items.Count - 1;
        long from = start is { } first ? Clamp(first) : forward ? lowest : highest;
        long to = stop is { } last ? Clamp(last) : forward ? highest : lowest;
        var taken = new List<object?>();
        for (long index = from; forward ? index < to : index > to; index += step)
        {
            taken.Add(items[(int)index]);
        }

        return taken;

        long Clamp(long bound)
        {
            return Math.Clamp(bound < 0 ? bound + items.Count : bound, lowest, highest);
        }
    }

    private static long? Bound(object? value)
    {
        return value is null ? null : TemplateValues.Integer(value);
    }
}
