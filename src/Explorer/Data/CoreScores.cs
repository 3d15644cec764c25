using System.Text.Json;
using Workbench.Workspaces;

namespace Workbench.Explorer.Data;

/// <summary>The headline numbers of a dictionary's evaluation; those that the file lacks are NaN.</summary>
public sealed record CoreScores(double L0, double Fvu, double CrossEntropyRecovered, double DeadShare)
{
    public static CoreScores? TryRead(RunFolder run)
    {
        string path = run.ResultsPath(Path.Combine("evaluations", "core.json"));
        if (!File.Exists(path))
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new CoreScores(
            Find(document.RootElement, "l0"),
            Find(document.RootElement, "fvu"),
            Find(document.RootElement, "ce_recovered"),
            Find(document.RootElement, "dead_share"));
    }

    private static double Find(JsonElement element, string name)
    {
        return element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
    }
}
