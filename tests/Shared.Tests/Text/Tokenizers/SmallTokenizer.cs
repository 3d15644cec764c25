using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Text.Tokenizers;

namespace Workbench.Shared.Tests.Text.Tokenizers;

/// <summary>A tokenizer.json of all bytes, a few merges and one control token, in a folder of its own.</summary>
internal sealed class SmallTokenizer : IDisposable
{
    public const int Separator = 0;

    private static readonly (string, string)[] s_merges =
        [("h", "e"), ("l", "l"), ("he", "ll"), ("hell", "o"), ("\u0120", "hello"), ("\u0120", "w"), ("o", "r"), ("\u00E2", "\u0124")];

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenizer-").FullName;

    public string FilePath => Path.Combine(_folder, "tokenizer.json");

    /// <summary>The file's content, to be changed by a test before <see cref="Load"/>.</summary>
    public JsonObject Json { get; } = Build();

    public TextTokenizer Load()
    {
        File.WriteAllText(FilePath, Json.ToJsonString());
        return TokenizerLoader.FromJson(FilePath);
    }

    public void WriteBeside(string name, string content)
    {
        File.WriteAllText(Path.Combine(_folder, name), content);
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }

    private static JsonObject Build()
    {
        var vocabulary = new JsonObject { ["<|endoftext|>"] = Separator };
        for (int value = 0; value < 256; value++)
        {
            vocabulary[ByteAlphabet.CharacterOf((byte)value).ToString()] = value + 1;
        }

        foreach ((string left, string right) in s_merges)
        {
            vocabulary[left + right] = vocabulary.Count;
        }

        return new JsonObject
        {
            ["added_tokens"] = JsonNode.Parse("""[{"id": 0, "content": "<|endoftext|>", "special": true, "normalized": false}]"""),
            ["normalizer"] = null,
            ["pre_tokenizer"] = JsonNode.Parse("""{"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}"""),
            ["post_processor"] = JsonNode.Parse(
                """
                {"type": "TemplateProcessing",
                 "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                 "special_tokens": {"<|endoftext|>": {"id": "<|endoftext|>", "ids": [0], "tokens": ["<|endoftext|>"]}}}
                """),
            ["decoder"] = JsonNode.Parse("""{"type": "ByteLevel"}"""),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = vocabulary,
                ["merges"] = JsonSerializer.SerializeToNode(s_merges.Select(merge => new[] { merge.Item1, merge.Item2 })),
            },
        };
    }
}
