using System.Text.Json;

namespace Workbench.Workspaces;

/// <summary>How far a run is; the content of <c>progress.json</c>.</summary>
/// <param name="Phase">What is being done, e.g. <c>harvest</c>.</param>
/// <param name="Done">Units done, of <paramref name="Total"/>.</param>
/// <param name="Total">Units to do; 0 where unknown.</param>
/// <param name="Unit">The unit, e.g. <c>tokens</c>.</param>
/// <param name="Rate">Units a second over the last half minute; 0 where unknown.</param>
/// <param name="EtaSeconds">Seconds left at that rate; null where unknown.</param>
/// <param name="Message">A detail for people.</param>
/// <param name="Updated">When this was written.</param>
public sealed record RunProgress(
    string Phase,
    long Done,
    long Total,
    string Unit,
    double Rate,
    double? EtaSeconds,
    string? Message,
    DateTimeOffset Updated)
{
    /// <summary>The share done, from 0 to 1; 0 where the total is unknown.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double Fraction => Total > 0 ? Math.Clamp((double)Done / Total, 0, 1) : 0;

    /// <summary>Reads a progress file; null where there is none or it is of another form.</summary>
    /// <param name="path">The file.</param>
    public static RunProgress? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunProgress>(File.ReadAllBytes(path), WorkbenchJson.Options);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
