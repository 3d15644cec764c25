using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Models;
using Workbench.Workspaces;

namespace Workbench.Interventions;

/// <summary>The file form of edit plans.</summary>
internal static class EditPlanJson
{
    private static readonly string[] s_keys =
        ["hook", "operation", "dictionary", "latent", "vector", "strength", "unit", "positions", "when"];

    public static EditPlan Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            Keys(root, "The edit plan", "version", "edits");
            int version = Field(root, "version").GetInt32();
            return version == EditPlan.FormatVersion
                ? new EditPlan([.. Field(root, "edits").EnumerateArray().Select(ReadEdit)])
                : throw new WorkbenchException($"The edit plan has 'version' {version}; version {EditPlan.FormatVersion} is read.");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            throw new WorkbenchException($"The edit plan is not of the form {{\"version\":1,\"edits\":[...]}}: {failure.Message}", failure);
        }
    }

    public static string Write(EditPlan plan)
    {
        var root = new JsonObject
        {
            ["version"] = EditPlan.FormatVersion,
            ["edits"] = new JsonArray([.. plan.Edits.Select(WriteEdit)]),
        };
        return root.ToJsonString(WorkbenchJson.Options);
    }

    private static Edit ReadEdit(JsonElement json)
    {
        Keys(json, "An edit", s_keys);
        EditOperation operation = Name<EditOperation>(json, "operation") ?? throw new WorkbenchException("An edit lacks 'operation'.");
        var edit = new Edit
        {
            Hook = HookPoint.Parse(Field(json, "hook").GetString() ?? string.Empty),
            Operation = operation,
            Dictionary = Find(json, "dictionary")?.GetString(),
            Latent = Find(json, "latent")?.GetInt32(),
            Vector = Find(json, "vector") is JsonElement vector ? [.. vector.EnumerateArray().Select(value => value.GetSingle())] : null,
            Strength = Find(json, "strength")?.GetDouble() ?? 0,
            Unit = Name<EditUnit>(json, "unit"),
            Positions = Find(json, "positions") is JsonElement positions ? ReadPositions(positions) : new EditPositions(EditPositionKind.All),
            When = Find(json, "when") is JsonElement when ? ReadCondition(when) : null,
        };
        return edit.NeedsStrength && Find(json, "strength") is null
            ? throw new WorkbenchException($"The edit at {edit.Hook} lacks 'strength', which {Text(operation)} needs.")
            : edit;
    }

    private static EditPositions ReadPositions(JsonElement json)
    {
        return json.ValueKind == JsonValueKind.Array
            ? json.GetArrayLength() == 2
                ? new EditPositions(EditPositionKind.Range, json[0].GetInt32(), json[1].GetInt32())
                : throw new WorkbenchException($"An edit has 'positions' {json.GetRawText()}; expected [from,to].")
            : Named<EditPositionKind>(json.GetString(), "positions") is var kind && kind != EditPositionKind.Range
                ? new EditPositions(kind)
                : throw new WorkbenchException("An edit has 'positions' \"range\"; write a range as [from,to].");
    }

    private static EditCondition ReadCondition(JsonElement json)
    {
        Keys(json, "The 'when' of an edit", "latent", "above");
        return new EditCondition(Field(json, "latent").GetInt32(), Field(json, "above").GetDouble());
    }

    private static JsonNode WriteEdit(Edit edit)
    {
        var json = new JsonObject { ["hook"] = edit.Hook.Name, ["operation"] = Text(edit.Operation) };
        Add("dictionary", edit.Dictionary);
        Add("latent", edit.Latent);
        Add("vector", edit.Vector is null ? null : new JsonArray([.. edit.Vector.Select(value => JsonValue.Create(value))]));
        Add("strength", edit.NeedsStrength ? edit.Strength : null);
        Add("unit", edit.Unit is EditUnit unit ? Text(unit) : null);
        Add("positions", edit.Positions.Kind == EditPositionKind.Range ? new JsonArray(edit.Positions.From, edit.Positions.To) : Text(edit.Positions.Kind));
        Add("when", edit.When is null ? null : new JsonObject { ["latent"] = edit.When.Latent, ["above"] = edit.When.Above });
        return json;

        void Add(string key, JsonNode? value)
        {
            if (value is not null)
            {
                json[key] = value;
            }
        }
    }

    private static void Keys(JsonElement json, string what, params string[] known)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!known.Contains(property.Name) || !seen.Add(property.Name))
            {
                throw new WorkbenchException($"{what} has the key '{property.Name}', {(seen.Contains(property.Name) ? "twice" : $"which is not known; known are {string.Join(", ", known)}")}.");
            }
        }
    }

    private static JsonElement Field(JsonElement json, string key)
    {
        return Find(json, key) ?? throw new WorkbenchException($"The edit plan lacks '{key}'.");
    }

    private static JsonElement? Find(JsonElement json, string key)
    {
        return json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private static T? Name<T>(JsonElement json, string key)
        where T : struct, Enum
    {
        return Find(json, key) is JsonElement value ? Named<T>(value.GetString(), key) : null;
    }

    private static T Named<T>(string? text, string key)
        where T : struct, Enum
    {
        T[] found = [.. Enum.GetValues<T>().Where(value => Text(value) == text)];
        return found is [T only]
            ? only
            : throw new WorkbenchException($"An edit has '{key}' \"{text}\"; expected {string.Join(", ", Enum.GetValues<T>().Select(Text))}.");
    }

    private static string Text<T>(T value)
        where T : struct, Enum
    {
        return JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
    }
}
