using Workbench.Models.Weights;

namespace Workbench.Models.Architectures;

/// <summary>The metadata of a GGUF file below its architecture's prefix.</summary>
internal sealed class GgufFields(GgufFile file, string architecture)
{
    public GgufFile File { get; } = file;

    public string Architecture { get; } = architecture;

    public int Positive(string field)
    {
        return File.FindInt32($"{Architecture}.{field}") is int value && value > 0 ? value : throw Bad(field, "a positive integer");
    }

    /// <summary>A positive integer that is not beyond reason; see <see cref="SizeLimits"/>.</summary>
    public int Size(string field, int most)
    {
        return Positive(field) is var size && size <= most ? size : throw Bad(field, $"at most {most:N0}");
    }

    /// <summary>The same, or a fallback where the field is absent.</summary>
    public int Size(string field, int most, int fallback)
    {
        return File.Metadata.ContainsKey($"{Architecture}.{field}") ? Size(field, most) : fallback;
    }

    public int Positive(string field, int fallback)
    {
        return File.Metadata.ContainsKey($"{Architecture}.{field}") ? Positive(field) : fallback;
    }

    public double PositiveReal(string field)
    {
        return File.FindDouble($"{Architecture}.{field}") is double value && value > 0 && double.IsFinite(value) ? value : throw Bad(field, "a positive number");
    }

    public double PositiveReal(string field, double fallback)
    {
        return File.Metadata.ContainsKey($"{Architecture}.{field}") ? PositiveReal(field) : fallback;
    }

    public string String(string field, string fallback)
    {
        return File.Find<string>($"{Architecture}.{field}") ?? fallback;
    }

    public WorkbenchException Bad(string field, string expected)
    {
        string found = File.Metadata.TryGetValue($"{Architecture}.{field}", out object? value) ? $"{value}" : "absent";
        return new WorkbenchException($"{File.Path}: metadata '{Architecture}.{field}' should be {expected} but is {found}.");
    }
}
