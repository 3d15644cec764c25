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
        return document.RootElement.TryGetProperty("headline", out JsonElement headline)
            ? new CoreScores(Find(headline, "l0"), Find(headline, "fvu"), Find(headline, "ce_recovered"), Find(headline, "dead_share"))
            : null;
    }

    private static double Find(JsonElement element, string name)
    {
        return element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
    }
}
