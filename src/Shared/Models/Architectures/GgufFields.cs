using Workbench.Models.Weights;

namespace Workbench.Models.Architectures;

/// <summary>The metadata of a GGUF file below its architecture's prefix.</summary>
internal sealed class GgufFields(GgufFile file, string architecture)
{
    /// <summary>Fields that say nothing about what a decoder computes.</summary>
    private static readonly HashSet<string> s_harmless = new(StringComparer.Ordinal)
    {
        "vocab_size", "tensor_data_layout", "pooling_type", "rope.scaling.finetuned",
    };

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public GgufFile File { get; } = file;

    /// <summary>Whether a field is there.</summary>
    public bool Has(string field)
    {
        return Find(field) is not null;
    }

    public int Positive(string field)
    {
        return File.FindInt32(Key(field)) is int value && value > 0 ? value : throw Bad(field, "a positive integer");
    }

    /// <summary>A positive integer that is not beyond reason; see <see cref="SizeLimits"/>.</summary>
    public int Size(string field, int most)
    {
        return Positive(field) is var size && size <= most ? size : throw Bad(field, $"at most {most:N0}");
    }

    /// <summary>The same, or a fallback where the field is absent.</summary>
    public int Size(string field, int most, int fallback)
    {
        return Has(field) ? Size(field, most) : fallback;
    }

    public int Positive(string field, int fallback)
    {
        return Has(field) ? Positive(field) : fallback;
    }

    /// <summary>A positive integer, or null where the field is absent or zero.</summary>
    public int? OptionalPositive(string field)
    {
        return !Has(field) || File.FindInt32(Key(field)) == 0 ? null : Positive(field);
    }

    public double PositiveReal(string field)
    {
        return File.FindDouble(Key(field)) is double value && value > 0 && double.IsFinite(value) ? value : throw Bad(field, "a positive number");
    }

    public double PositiveReal(string field, double fallback)
    {
        return Has(field) ? PositiveReal(field) : fallback;
    }

    /// <summary>A positive number, or null where the field is absent or zero.</summary>
    public double? OptionalReal(string field)
    {
        return !Has(field) || File.FindDouble(Key(field)) == 0 ? null : PositiveReal(field);
    }

    public bool Flag(string field, bool fallback)
    {
        return Find(field) switch
        {
            null => fallback,
            bool value => value,
            _ => throw Bad(field, "true or false"),
        };
    }

    public string String(string field, string fallback)
    {
        return Find(field) is null ? fallback : File.Find<string>(Key(field))!;
    }

    /// <summary>Which layers have something: every layer but each n-th by one number n, or a flag for each.</summary>
    public bool[] Pattern(string field, int layers, int fallback)
    {
        return Find(field) switch
        {
            bool[] flags when flags.Length == layers => flags,
            Array => throw Bad(field, $"one flag for each of the {layers} layers, or a number"),
            _ => Positive(field, fallback) is var period ? [.. Enumerable.Range(0, layers).Select(layer => layer % period < period - 1)] : [],
        };
    }

    public WorkbenchException Bad(string field, string expected)
    {
        return new WorkbenchException($"{File.Path}: metadata '{Key(field)}' should be {expected} but is {Find(field) ?? "absent"}.");
    }

    /// <summary>Refuses a field that nobody read and that may change what the model computes.</summary>
    /// <exception cref="WorkbenchException">There is one.</exception>
    public void RefuseUnread()
    {
        string prefix = $"{architecture}.";
        string? unread = File.Metadata
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal) && !IsOff(pair.Value))
            .Select(pair => pair.Key[prefix.Length..])
            .FirstOrDefault(field => !_read.Contains(field) && !s_harmless.Contains(field));
        if (unread is not null)
        {
            throw new WorkbenchException(
                $"{File.Path}: metadata '{prefix}{unread}' is {File.Metadata[prefix + unread]}, a field that this build does not know; the model may differ from its architecture: use another file of it.");
        }
    }

    private static bool IsOff(object value)
    {
        return value is false or 0u or 0 or 0f or "" or Array { Length: 0 };
    }

    /// <summary>The whole name of a field that is being read.</summary>
    private string Key(string field)
    {
        _ = _read.Add(field);
        return $"{architecture}.{field}";
    }

    private object? Find(string field)
    {
        return File.Metadata.GetValueOrDefault(Key(field));
    }
}
