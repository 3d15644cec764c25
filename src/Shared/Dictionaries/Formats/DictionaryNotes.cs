using System.Text.Json;

namespace Workbench.Dictionaries.Formats;

/// <summary>Sentences that a reader of a dictionary should know of, kept with its facts under <c>notes</c>.</summary>
public static class DictionaryNotes
{
    private const string Key = "notes";

    /// <summary>The notes of a dictionary.</summary>
    public static IReadOnlyList<string> Of(ILatentModel model)
    {
        return model is SparseAutoencoder sparse && sparse.Config.Metadata.TryGetValue(Key, out JsonElement notes) && notes.ValueKind == JsonValueKind.Array
            ? [.. notes.EnumerateArray().Where(note => note.ValueKind == JsonValueKind.String).Select(note => note.GetString()!)]
            : [];
    }

    /// <summary>Facts for the metadata of a dictionary; null ones and an empty list of notes are left out.</summary>
    internal static Dictionary<string, JsonElement> Facts(IEnumerable<KeyValuePair<string, object?>> facts, params IReadOnlyList<string> notes)
    {
        return facts.Append(KeyValuePair.Create<string, object?>(Key, notes.Count > 0 ? notes : null))
            .Where(fact => fact.Value is not null)
            .ToDictionary(fact => fact.Key, fact => fact.Value is JsonElement element ? element : JsonSerializer.SerializeToElement(fact.Value), StringComparer.Ordinal);
    }
}
