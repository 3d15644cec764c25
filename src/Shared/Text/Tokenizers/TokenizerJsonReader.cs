using System.Text.Json;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers;

/// <summary>Reads a tokenizer.json whose model is byte-level BPE.</summary>
internal static class TokenizerJsonReader
{
    public static TextTokenizer Read(string path)
    {
        byte[] bytes = ReadBytes(path);
        using JsonDocument document = Parse(path, bytes);
        var root = new JsonField(path, "", document.RootElement);
        JsonField model = root["model"];
        RequireByteLevelBpe(model);

        IReadOnlyList<ISplitStep> steps = SplitStepReader.Read(root["pre_tokenizer"]);
        if (root["decoder"]["type"].Text() != "ByteLevel")
        {
            throw root["decoder"]["type"].Unsupported("supported is ByteLevel");
        }

        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string token, JsonField id) in model["vocab"].Members())
        {
            vocabulary[token] = id.Id();
        }

        MergeTable merges = ReadMerges(model["merges"], vocabulary);
        var tokens = new TokenTable(vocabulary, [.. ReadAddedTokens(root["added_tokens"])]);
        PostProcessing postProcessing = PostProcessingReader.Read(root["post_processor"]);
        var pipeline = new ByteLevelPipeline(
            tokens,
            NormalizerReader.Read(root["normalizer"]),
            steps,
            new BytePairModel(vocabulary, merges, model["ignore_merges"].Flag(whenAbsent: false)),
            postProcessing);
        return new TextTokenizer(pipeline, tokens, TokenizerCompanions.Read(path, ContentHash.OfBytes(bytes), tokens, postProcessing));
    }

    private static void RequireByteLevelBpe(JsonField model)
    {
        if (model["type"].TextOrNull() is { } type && type != "BPE")
        {
            throw model["type"].Unsupported("supported is BPE");
        }

        foreach (string affix in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (!string.IsNullOrEmpty(model[affix].TextOrNull()))
            {
                throw model[affix].Unsupported("only an empty one is");
            }
        }

        if (model["byte_fallback"].Flag(whenAbsent: false))
        {
            throw model["byte_fallback"].Unsupported("only false is");
        }

        if (!model["unk_token"].IsNull)
        {
            throw model["unk_token"].Unsupported("byte-level models have none");
        }

        if (!model["dropout"].IsNull)
        {
            throw model["dropout"].Unsupported("only null is");
        }
    }

    private static MergeTable ReadMerges(JsonField field, Dictionary<string, int> vocabulary)
    {
        var merges = new MergeTable(field.IsNull ? 0 : field.Value.GetArrayLength());
        int rank = 0;
        foreach (JsonField merge in field.Items())
        {
            (string left, string right) = ReadPair(merge);
            if (!vocabulary.TryGetValue(left, out int leftId)
                || !vocabulary.TryGetValue(right, out int rightId)
                || !vocabulary.TryGetValue(left + right, out int merged))
            {
                throw merge.Wrong("a pair of tokens whose parts and whole are in model.vocab");
            }

            merges.Add(leftId, rightId, rank++, merged);
        }

        return merges;
    }

    private static (string Left, string Right) ReadPair(JsonField merge)
    {
        string[] parts = merge.Value.ValueKind == JsonValueKind.String
            ? merge.Text().Split(' ')
            : [.. merge.Items().Select(part => part.Text())];
        return parts is [string left, string right] ? (left, right) : throw merge.Wrong("\"a b\" or [\"a\", \"b\"]");
    }

    private static IEnumerable<AddedToken> ReadAddedTokens(JsonField field)
    {
        return field.IsNull
            ? []
            : field.Items().Select(token =>
            {
                bool special = token["special"].Flag(whenAbsent: false);
                return new AddedToken(
                    token["id"].Id(),
                    token["content"].Text(),
                    token["single_word"].Flag(whenAbsent: false),
                    token["lstrip"].Flag(whenAbsent: false),
                    token["rstrip"].Flag(whenAbsent: false),
                    token["normalized"].Flag(whenAbsent: !special),
                    special);
            });
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException($"Cannot read the tokenizer {path}: {unreadable.Message}");
        }
    }

    private static JsonDocument Parse(string path, byte[] bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException invalid)
        {
            throw new WorkbenchException($"{path} is not valid JSON ({invalid.Message}); check that the file is whole.");
        }
    }
}
