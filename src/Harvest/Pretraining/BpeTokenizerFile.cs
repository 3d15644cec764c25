using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workspaces;

namespace Workbench.Harvest.Pretraining;

/// <summary>Writes a learned vocabulary as the tokenizer.json of Hugging Face's tokenizers.</summary>
internal static class BpeTokenizerFile
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string path, BpeVocabulary vocabulary)
    {
        string separator = vocabulary.Special[0];
        var entries = new JsonObject();
        for (int id = 0; id < vocabulary.Entries.Count; id++)
        {
            entries[vocabulary.Entries[id]] = id;
        }

        var file = new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. vocabulary.Special.Select(AddedToken)]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = ByteLevel(),
            ["post_processor"] = Template(separator),
            ["decoder"] = ByteLevel(),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = false,
                ["vocab"] = entries,
                ["merges"] = new JsonArray([.. vocabulary.Merges.Select(merge => (JsonNode)new JsonArray(merge.Left, merge.Right))]),
            },
        };
        AtomicFile.WriteText(path, file.ToJsonString(s_json) + "\n");
    }

    private static JsonObject AddedToken(string content, int id)
    {
        return new JsonObject
        {
            ["id"] = id,
            ["content"] = content,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        };
    }

    private static JsonObject ByteLevel()
    {
        return new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = false, ["use_regex"] = true };
    }

    private static JsonObject Template(string separator)
    {
        JsonObject Special() => new() { ["SpecialToken"] = new JsonObject { ["id"] = separator, ["type_id"] = 0 } };
        JsonObject Sequence(string id) => new() { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = 0 } };
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Special(), Sequence("A")),
            ["pair"] = new JsonArray(Special(), Sequence("A"), Special(), Sequence("B")),
            ["special_tokens"] = new JsonObject
            {
                [separator] = new JsonObject
                {
                    ["id"] = separator,
                    ["ids"] = new JsonArray(LlamaConfigFile.SeparatorId),
                    ["tokens"] = new JsonArray(separator),
                },
            },
        };
    }
}
