namespace Workbench.Activations;

/// <summary>The content of <c>stats.json</c>.</summary>
/// <param name="FormatVersion">The version of the file's form.</param>
/// <param name="Hooks">One entry a hook.</param>
public sealed record HarvestStatistics(int FormatVersion, IReadOnlyList<ActivationStatistics> Hooks)
{
    /// <summary>The file's name in a harvest's folder.</summary>
    public const string FileName = "stats.json";

    /// <summary>The version that this build writes.</summary>
    public const int CurrentFormatVersion = 1;
}
