using Workbench.Text.Tokenizers.Decoding;
using Workbench.Text.Tokenizers.Models;
using Workbench.Text.Tokenizers.Normalization;
using Workbench.Text.Tokenizers.PreTokenization;

namespace Workbench.Text.Tokenizers.Gguf;

/// <summary>Byte-level BPE, after a pre-tokenizer that the file names.</summary>
internal sealed class GgufBytePair : IGgufTokenizerKind
{
    public string Kind => "gpt2";

    public GgufTokenizerParts Read(GgufTokenizerFields fields)
    {
        string name = fields.Require<string>("pre");
        GgufPreTokenizer pre = GgufPreTokenizer.Find(name)
            ?? throw fields.Bad("pre", $"one of {GgufPreTokenizer.Known}, but is '{name}'; use a model with one of these");
        string[] merges = fields.Require<string[]>("merges");
        return new GgufTokenizerParts(
            pre.Composes ? new UnicodeNormalizer(compatibility: false, compose: true) : null,
            new PreTokenizerSequence(pre.Steps),
            new BytePairModel(fields.Vocabulary, Merges(merges, fields), pre.WholePieceFirst),
            new ByteLevelDecoder(),
            pre.AddsBos,
            name,
            string.Join('\n', merges));
    }

    private static MergeTable Merges(string[] merges, GgufTokenizerFields fields)
    {
        Dictionary<string, int> vocabulary = fields.Vocabulary;
        var table = new MergeTable(merges.Length);
        for (int rank = 0; rank < merges.Length; rank++)
        {
            if (merges[rank].Split(' ') is not [string left, string right]
                || !vocabulary.TryGetValue(left, out int leftId)
                || !vocabulary.TryGetValue(right, out int rightId)
                || !vocabulary.TryGetValue(left + right, out int merged))
            {
                throw fields.Bad($"merges[{rank}]", $"two tokens of the vocabulary that make a third, but is '{merges[rank]}'; check the file");
            }

            table.Add(leftId, rightId, rank, merged);
        }

        return table;
    }
}
