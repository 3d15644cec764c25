using System.Text.Json;
using Workbench.Shared.Tests.Models;

namespace Workbench.Shared.Tests.Text.Tokenizers;

/// <summary>The GGUF form of a byte-level tokenizer.json, by the rules of llama.cpp's conversion scripts.</summary>
internal static class GgufTokenizer
{
    private const int Normal = 1;
    private const int Control = 3;
    private const int UserDefined = 4;
    private const int Unused = 5;

    /// <summary>The pre-tokenizers' names by what tells the pipelines of the families apart.</summary>
    private static readonly (string Mark, string Name)[] s_names =
    [
        (@"\\p{N}{1,3}| ?[^\\s", "llama-bpe"), (@"\\p{N}| ?[^\\s", "qwen2"), (@"[\\p{L}\\p{M}]+", "deepseek-v3"), (@"\\s?\\p{L}+", "deepseek-coder"),
        ("\"Digits\"", "smollm"), ("\"use_regex\":true", "gpt-2"),
    ];

    /// <summary>The file, or null where the tokenizer has no such form.</summary>
    /// <param name="root">The tokenizer.json.</param>
    /// <param name="change">Sets further metadata.</param>
    public static byte[]? TryWrite(JsonElement root, Action<GgufWriter>? change = null)
    {
        JsonElement model = root.GetProperty("model");
        JsonElement steps = root.GetProperty("pre_tokenizer");
        if (model.GetProperty("type").GetString() != "BPE" || steps.ValueKind != JsonValueKind.Object
            || !JsonSerializer.Serialize(steps).Contains("\"ByteLevel\"", StringComparison.Ordinal))
        {
            return null;
        }

        Dictionary<int, JsonElement> added = root.GetProperty("added_tokens").EnumerateArray().ToDictionary(token => token.GetProperty("id").GetInt32());
        Dictionary<int, string> written = model.GetProperty("vocab").EnumerateObject().ToDictionary(token => token.Value.GetInt32(), token => token.Name);
        foreach ((int id, JsonElement token) in added)
        {
            written[id] = token.GetProperty("content").GetString()!;
        }

        int count = written.Keys.Max() + 1;
        int? first = FirstId(root);
        GgufWriter file = new GgufWriter()
            .Set("tokenizer.ggml.model", "gpt2")
            .Set("tokenizer.ggml.pre", Name(root, steps))
            .Set("tokenizer.ggml.tokens", Enumerable.Range(0, count).Select(id => written.GetValueOrDefault(id, $"[PAD{id}]")).ToArray())
            .Set("tokenizer.ggml.token_type", Enumerable.Range(0, count).Select(id => Type(id, written, added)).ToArray())
            .Set("tokenizer.ggml.merges", model.GetProperty("merges").EnumerateArray().Select(Merge).ToArray())
            .Set("tokenizer.ggml.add_bos_token", first is not null);
        if (first is int bos)
        {
            _ = file.Set("tokenizer.ggml.bos_token_id", bos);
        }

        change?.Invoke(file);
        return file.ToArray();
    }

    /// <summary>Whether a text of added tokens means the same in both forms: GGUF knows no token that strips spaces or minds its neighbours.</summary>
    public static bool CanSay(JsonElement root, string text)
    {
        return root.GetProperty("added_tokens").EnumerateArray()
            .Where(token => ((string[])["single_word", "lstrip", "rstrip"]).Any(flag => token.GetProperty(flag).GetBoolean())
                || (token.GetProperty("normalized").GetBoolean() && !token.GetProperty("special").GetBoolean()))
            .All(token => !text.Normalize().Contains(token.GetProperty("content").GetString()!.Normalize(), StringComparison.Ordinal));
    }

    private static string Name(JsonElement root, JsonElement steps)
    {
        // Non-ASCII letters are escaped here, which leaves the marks alone.
        string text = JsonSerializer.Serialize(steps, new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        string name = s_names.First(entry => text.Contains(entry.Mark, StringComparison.Ordinal)).Name;
        return name == "gpt-2" && root.GetProperty("normalizer").ValueKind == JsonValueKind.Object ? "mpt" : name;
    }

    private static int? FirstId(JsonElement root)
    {
        JsonElement frame = root.GetProperty("post_processor");
        JsonElement? template = frame.ValueKind != JsonValueKind.Object ? null
            : frame.TryGetProperty("processors", out JsonElement steps) ? steps.EnumerateArray().Last()
            : frame;
        return template is JsonElement found && found.TryGetProperty("special_tokens", out JsonElement tokens)
            ? tokens.EnumerateObject().Single().Value.GetProperty("ids")[0].GetInt32()
            : null;
    }

    private static int Type(int id, Dictionary<int, string> written, Dictionary<int, JsonElement> added)
    {
        return added.TryGetValue(id, out JsonElement token) ? (token.GetProperty("special").GetBoolean() ? Control : UserDefined)
            : written.ContainsKey(id) ? Normal
            : Unused;
    }

    private static string Merge(JsonElement merge)
    {
        return merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0].GetString()} {merge[1].GetString()}";
    }
}
