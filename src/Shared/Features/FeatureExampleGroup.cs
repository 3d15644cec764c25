using System.Globalization;

namespace Workbench.Features;

/// <summary>Examples of one latent that were chosen by the same rule.</summary>
/// <param name="Name"><c>top</c>, or <c>interval-1</c> and so on by rising value.</param>
/// <param name="Lower">Peaks are above this.</param>
/// <param name="Upper">Peaks are at most this.</param>
/// <param name="Sequences">Sequences whose peak lies there, of which the examples are a part.</param>
/// <param name="Examples">The examples by falling peak.</param>
public sealed record FeatureExampleGroup(
    string Name, float Lower, float Upper, long Sequences, IReadOnlyList<FeatureExample> Examples)
{
    /// <summary>The group of the largest peaks.</summary>
    public const string Top = "top";

    /// <summary>The name of an interval's group.</summary>
    /// <param name="interval">The interval from 0, by rising value.</param>
    public static string Interval(int interval)
    {
        return string.Create(CultureInfo.InvariantCulture, $"interval-{interval + 1}");
    }
}
