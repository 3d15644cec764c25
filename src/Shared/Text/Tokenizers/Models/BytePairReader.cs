using System.Text.Json;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Models;

/// <summary>Reads byte pair encoding, over bytes or over characters with byte fallback.</summary>
internal sealed class BytePairReader : ITokenModelReader
{
    public string Type => "BPE";

    public TokenModelParts Read(JsonField field, bool overBytes)
    {
        field.Only(
            "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges",
            "vocab", "merges");
        foreach (string affix in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (!string.IsNullOrEmpty(field[affix].TextOrNull()))
            {
                throw field[affix].Unsupported("only an empty one is");
            }
        }

        if (!field["dropout"].IsNull)
        {
            throw field["dropout"].Unsupported("only null is");
        }

        Dictionary<string, int> vocabulary = TokenModelReaders.Vocabulary(field["vocab"]);
        int? unknown = field["unk_token"].IsNull ? null : TokenModelReaders.Known(field["unk_token"], vocabulary);
        bool fallsBack = field["byte_fallback"].Flag(whenAbsent: false);
        bool fuses = field["fuse_unk"].Flag(whenAbsent: false);
        bool wholeFirst = field["ignore_merges"].Flag(whenAbsent: false);
        var boundaries = new MergeBoundaries();
        MergeTable merges = ReadMerges(field["merges"], vocabulary, boundaries);
        if (!overBytes)
        {
            var characters = new CharacterVocabulary(vocabulary, fallsBack, unknown, fuses);
            return new TokenModelParts(
                new CharacterPairModel(vocabulary, characters, merges, wholeFirst),
                vocabulary,
                wholeFirst ? null : boundaries.StepFor(characters));
        }

        var model = new BytePairModel(vocabulary, merges, wholeFirst);
        return fallsBack ? throw field["byte_fallback"].Unsupported("after a ByteLevel pre-tokenizer only false is")
            : unknown is not null && !model.HasEveryByte ? throw field["unk_token"].Unsupported("a byte-level model with one must have all 256 bytes")
            : new TokenModelParts(model, vocabulary);
    }

    private static MergeTable ReadMerges(JsonField field, Dictionary<string, int> vocabulary, MergeBoundaries boundaries)
    {
        var merges = new MergeTable(field.Count());
        int rank = 0;
        foreach (JsonElement merge in field.Value.EnumerateArray())
        {
            (string left, string right) = ReadPair(merge) ?? throw field.At(rank).Wrong("\"a b\" or [\"a\", \"b\"]");
            if (!vocabulary.TryGetValue(left, out int leftId)
                || !vocabulary.TryGetValue(right, out int rightId)
                || !vocabulary.TryGetValue(left + right, out int merged))
            {
                throw field.At(rank).Wrong("a pair of tokens whose parts and whole are in model.vocab");
            }

            merges.Add(leftId, rightId, rank++, merged);
            boundaries.Add(left, right);
        }

        return merges;
    }

    private static (string Left, string Right)? ReadPair(JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.Array)
        {
            return merge.GetArrayLength() == 2 && JsonField.StringOf(merge[0]) is { } first && JsonField.StringOf(merge[1]) is { } second
                ? (first, second)
                : null;
        }

        string text = JsonField.StringOf(merge) ?? "";
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 || text.AsSpan(space + 1).Contains(' ') ? null : (text[..space], text[(space + 1)..]);
    }
}
