using System.Text.Json;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Models;

/// <summary>The models that this build knows, by the name in <c>type</c>.</summary>
internal static class TokenModelReaders
{
    private static readonly SortedDictionary<string, ITokenModelReader> s_byType = new(
        typeof(ITokenModelReader).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ITokenModelReader)))
            .Select(type => (ITokenModelReader)Activator.CreateInstance(type)!)
            .ToDictionary(reader => reader.Type),
        StringComparer.Ordinal);

    /// <summary>Reads a model of any kind. Old files of byte pair models name no type.</summary>
    public static TokenModelParts Read(JsonField field, bool overBytes)
    {
        JsonField type = field["type"];
        return !s_byType.TryGetValue(type.TextOrNull() ?? "BPE", out ITokenModelReader? reader)
                ? throw type.Unsupported($"supported are {string.Join(", ", s_byType.Keys)}")
            : overBytes && reader is not BytePairReader
                ? throw type.Unsupported("after a ByteLevel pre-tokenizer only BPE is")
            : reader.Read(field, overBytes);
    }

    /// <summary>Reads an object of tokens and ids.</summary>
    public static Dictionary<string, int> Vocabulary(JsonField field)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string token, JsonField id) in field.Members())
        {
            vocabulary[token] = id.Value.ValueKind == JsonValueKind.Number && id.Value.TryGetInt32(out int number) && number >= 0 ? number : id.Id();
        }

        return vocabulary;
    }

    /// <summary>The id of a token that a field names and that the vocabulary must hold.</summary>
    public static int Known(JsonField field, Dictionary<string, int> vocabulary)
    {
        return vocabulary.TryGetValue(field.Text(), out int id) ? id : throw field.Wrong("a token of model.vocab");
    }
}
