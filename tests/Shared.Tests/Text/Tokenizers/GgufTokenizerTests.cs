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
        string[] folders = [.. GoldenTokenizers.ByteLevel().Select(row => row.Data).Where(folder => SameVocabulary(folder, tokens))];
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

    private static bool SameVocabulary(string folder, string[] tokens)
    {
        TextTokenizer json = TokenizerLoader.FromJson(GoldenTokenizers.Tokenizer(folder));
        return json.VocabularySize == tokens.Length && Enumerable.Range(0, tokens.Length).All(id => json.Tokens.Written(id) == tokens[id]);
    }
}
