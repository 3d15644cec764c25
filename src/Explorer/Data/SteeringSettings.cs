using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Workbench.Interventions;

namespace Workbench.Explorer.Data;

/// <summary>Everything a steering run depends on; its text form is the query of the page's address.</summary>
public sealed record SteeringSettings
{
    public const int MostEdits = 8;

    public string Prompt { get; init; } = string.Empty;

    public IReadOnlyList<SteeringEdit> Edits { get; init; } = [];

    public EditPositionKind Positions { get; init; } = EditPositionKind.All;

    public int Seed { get; init; }

    public double Temperature { get; init; } = 0.7;

    public int TopK { get; init; }

    public double TopP { get; init; } = 1;

    public int MaxTokens { get; init; } = 60;

    public bool Chat { get; init; }

    /// <summary>Reads the query of an address; what is malformed counts as absent.</summary>
    public static SteeringSettings Parse(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string Text(string name) => query.TryGetValue(name, out var value) ? value.ToString() : string.Empty;
        var plain = new SteeringSettings();
        return new SteeringSettings
        {
            Prompt = Text("prompt"),
            Edits = [.. Text("edits").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ReadEdit).OfType<SteeringEdit>().DistinctBy(edit => edit.Latent).Take(MostEdits)],
            Positions = Enum.TryParse(Text("positions"), ignoreCase: true, out EditPositionKind kind) && Enum.IsDefined(kind) && kind != EditPositionKind.Range
                ? kind : plain.Positions,
            Seed = (int)Math.Clamp(Number(Text("seed")) ?? plain.Seed, 0, int.MaxValue),
            Temperature = Math.Clamp(Number(Text("temperature")) ?? plain.Temperature, 0, 5),
            TopK = (int)Math.Clamp(Number(Text("top-k")) ?? plain.TopK, 0, 1_000_000),
            TopP = Math.Clamp(Number(Text("top-p")) ?? plain.TopP, 0.01, 1),
            MaxTokens = (int)Math.Clamp(Number(Text("tokens")) ?? plain.MaxTokens, 1, 1000),
            Chat = Text("chat") == "1",
        };
    }

    /// <summary>The address's query, without what is at its default.</summary>
    public string ToQueryString()
    {
        var plain = new SteeringSettings();
        var parts = new Dictionary<string, string?>();
        void Put(string name, string value, bool given)
        {
            if (given)
            {
                parts[name] = value;
            }
        }

        Put("edits", string.Join(',', Edits.Select(WriteEdit)), Edits.Count > 0);
        Put("prompt", Prompt, Prompt.Length > 0);
        Put("positions", Positions.ToString().ToLowerInvariant(), Positions != plain.Positions);
        Put("seed", Text(Seed), Seed != plain.Seed);
        Put("temperature", Text(Temperature), Temperature != plain.Temperature);
        Put("top-k", Text(TopK), TopK != plain.TopK);
        Put("top-p", Text(TopP), TopP != plain.TopP);
        Put("tokens", Text(MaxTokens), MaxTokens != plain.MaxTokens);
        Put("chat", "1", Chat);
        return QueryHelpers.AddQueryString(string.Empty, parts);
    }

    private static string WriteEdit(SteeringEdit edit)
    {
        string name = edit.Operation == EditOperation.Add ? string.Empty : ":" + edit.Operation.ToString().ToLowerInvariant();
        return $"{Text(edit.Latent)}:{Text(edit.Strength)}{name}";
    }

    private static SteeringEdit? ReadEdit(string text)
    {
        string[] parts = text.Split(':');
        return parts.Length is 2 or 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int latent)
            && Number(parts[1]) is { } strength
            ? new SteeringEdit(latent, Math.Clamp(strength, -100, 100), parts.Length == 3 && Enum.TryParse(parts[2], ignoreCase: true, out EditOperation named) && Enum.IsDefined(named) ? named : EditOperation.Add)
            : null;
    }

    private static double? Number(string text)
    {
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;
    }

    private static string Text(double number)
    {
        return number.ToString("R", CultureInfo.InvariantCulture);
    }
}
