using Workbench.Models.Weights;
using Workbench.Testing;
using Workbench.Text.Tokenizers;

namespace Workbench.Shared.Tests.Text.Tokenizers;

[Trait("Category", "Golden")]
public class GgufTokenizerTests
{
    /// <summary>The reference encodings that belong to a GGUF file are those whose vocabulary is the file's.</summary>
    [Fact]
    public void The_tokenizer_of_a_gguf_file_encodes_as_the_tokenizer_json_of_the_same_vocabulary()
    {
        string path = Golden.RequireModel();
        Golden.Require("tokenizers");
        using GgufFile file = GgufFile.Open(path);
        TextTokenizer sut = TokenizerLoader.FromGguf(file);
        string[] tokens = file.Find<string[]>("tokenizer.ggml.tokens")!;
        string[] folders = [.. GoldenTokenizers.All().Select(row => row.Data).Where(folder => SameVocabulary(folder, tokens))];
        Assert.SkipWhen(folders.Length == 0, $"No folder of reference encodings has the vocabulary of {path}.");

        foreach (string folder in folders)
        {
            foreach (GoldenEncoding expected in GoldenTokenizers.Cases(folder))
            {
                sut.Encode(expected.Text).ShouldBe(expected.Ids, expected.Text);
                sut.Decode(expected.Ids).ShouldBe(expected.Decoded);
            }
        }
    }

    [Fact]
    public void A_sentencepiece_model_in_gguf_encodes_as_its_tokenizer_json()
    {
        Golden.Require("tokenizers");
        (string Folder, byte[] File)[] models =
        [
            .. GoldenTokenizers.All().Select(row => (row.Data, SentencePieceGguf.TryWrite(row.Data)!)).Where(model => model.Item2 is not null),
        ];
        Assert.SkipWhen(models.Length == 0, "No folder of reference encodings was made from a SentencePiece BPE model.");
        using var scratch = new TemporaryFolder();
        foreach ((string folder, byte[] bytes) in models)
        {
            string path = Path.Combine(scratch.Path, $"{folder}.gguf");
            File.WriteAllBytes(path, bytes);
            using GgufFile file = GgufFile.Open(path);
            Compare(folder, TokenizerLoader.FromGguf(file));
        }
    }

    private static void Compare(string folder, TextTokenizer sut)
    {
        foreach (GoldenEncoding expected in GoldenTokenizers.Cases(folder))
        {
            sut.Encode(expected.Text).ShouldBe(expected.Ids, expected.Text);
            sut.Encode(expected.Text, addSpecialTokens: true).ShouldBe(expected.SpecialIds, expected.Text);
            sut.EncodeWithOffsets(expected.Text).SelectMany(span => (int[])[span.Start, span.End]).ShouldBe(expected.Offsets, expected.Text);
            sut.Decode(expected.Ids).ShouldBe(expected.Decoded);
        }
    }

    private static bool SameVocabulary(string folder, string[] tokens)
    {
        TextTokenizer json = TokenizerLoader.FromJson(GoldenTokenizers.Tokenizer(folder));
        return json.VocabularySize == tokens.Length && Enumerable.Range(0, tokens.Length).All(id => json.Tokens.Written(id) == tokens[id]);
    }
}
