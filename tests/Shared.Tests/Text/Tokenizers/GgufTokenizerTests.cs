using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Models.Weights;
using Workbench.Testing;
using Workbench.Text.Tokenizers;
using Workbench.Text.Tokenizers.Gguf;
using Workbench.Text.Tokenizers.PreTokenization;

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

    [Fact]
    public void A_sentencepiece_model_that_adds_no_space_encodes_as_a_tokenizer_json_without_one()
    {
        Golden.Require("tokenizers");
        using var scratch = new TemporaryFolder();
        int compared = 0;
        foreach (string folder in GoldenTokenizers.All().Select(row => row.Data))
        {
            if (SentencePieceGguf.TryWrite(folder, prefixes: false) is not byte[] bytes)
            {
                continue;
            }

            JsonNode root = JsonNode.Parse(File.ReadAllText(GoldenTokenizers.Tokenizer(folder)))!;
            root["normalizer"] = JsonNode.Parse("""{"type":"Replace","pattern":{"String":" "},"content":"\u2581"}""");
            JsonArray steps = root["decoder"]!["decoders"]!.AsArray();
            steps.RemoveAt(steps.Count - 1);
            string path = scratch.At("tokenizer.json");
            File.WriteAllText(path, root.ToJsonString());
            TextTokenizer expected = TokenizerLoader.FromJson(path);
            TextTokenizer sut = Read(scratch, bytes);
            foreach (string text in GoldenTokenizers.Cases(folder).Select(golden => golden.Text))
            {
                sut.Encode(text).ShouldBe(expected.Encode(text), text);
                sut.Decode(sut.Encode(text)).ShouldBe(expected.Decode(expected.Encode(text)), text);
            }

            compared++;
        }

        Assert.SkipWhen(compared == 0, "No folder of reference encodings was made from a SentencePiece BPE model.");
    }

    [Fact]
    public void A_byte_level_tokenizer_written_as_gguf_encodes_as_its_tokenizer_json()
    {
        Golden.Require("tokenizers");
        using var scratch = new TemporaryFolder();
        int compared = 0;
        foreach (string folder in GoldenTokenizers.All().Select(row => row.Data))
        {
            JsonElement root = Golden.Json(GoldenTokenizers.Tokenizer(folder));
            if (GgufTokenizer.TryWrite(root) is not byte[] bytes)
            {
                continue;
            }

            TextTokenizer sut = Read(scratch, bytes);
            GoldenEncoding[] cases = [.. GoldenTokenizers.Cases(folder).Where(expected => GgufTokenizer.CanSay(root, expected.Text))];
            cases.Length.ShouldBeGreaterThan(0, folder);
            foreach (GoldenEncoding expected in cases)
            {
                sut.Encode(expected.Text).ShouldBe(expected.Ids, $"{folder}: {expected.Text}");
                sut.Encode(expected.Text, addSpecialTokens: true).ShouldBe(expected.SpecialIds, $"{folder}: {expected.Text}");
                sut.Decode(expected.Ids).ShouldBe(expected.Decoded, $"{folder}: {expected.Text}");
            }

            compared++;
        }

        Assert.SkipWhen(compared == 0, "No folder of reference encodings is of a byte-level tokenizer.");
    }

    [Theory]
    [InlineData("deepseek-llm")]
    [InlineData("default")]
    [InlineData("made-up")]
    public void A_pre_tokenizer_that_is_not_known_is_named(string name)
    {
        using var scratch = new TemporaryFolder();
        using var small = new SmallTokenizer();
        byte[] bytes = GgufTokenizer.TryWrite(JsonSerializer.SerializeToElement(small.Json), file => file.Set("tokenizer.ggml.pre", name))!;
        string message = Should.Throw<WorkbenchException>(() => Read(scratch, bytes)).Message;
        message.ShouldContain("tokenizer.ggml.pre");
        message.ShouldContain($"'{name}'");
    }

    [Theory]
    [InlineData("tekken", "Hello WORLD fooBar's 1234 / a//b", "Hello| WORLD| foo|Bar|'s| |1|2|3|4| /| a|//|b")]
    [InlineData("gpt-4o", "Hello WORLD fooBar's 1234 / a//b", "Hello| WORLD| foo|Bar's| |123|4| /| a|//|b")]
    [InlineData("dbrx", "it's 1234", "it|'s| |123|4")]
    [InlineData("refact", "ab 12", "ab| |1|2")]
    public void Pieces_are_those_of_the_named_pattern(string name, string text, string pieces)
    {
        var steps = new PreTokenizerSequence(GgufPreTokenizer.Find(name)!.Steps);
        var found = new TextPieces(text, new SpanMap(null, 0, 0), new PieceList(), new PieceList());
        steps.Apply(ref found);
        string cut = string.Empty;
        foreach ((int start, int length) in found.Pieces)
        {
            cut += (cut.Length > 0 ? "|" : string.Empty) + found.Text.Slice(start, length).ToString();
        }

        cut.ShouldBe(pieces);
    }

    [Theory]
    [InlineData("Phi-3-mini-4k-instruct", true)]
    [InlineData("another model", false)]
    public void Special_tokens_of_phi_3_take_the_space_after_them(string model, bool strips)
    {
        using var scratch = new TemporaryFolder();
        using var small = new SmallTokenizer();
        small.Json["added_tokens"]!.AsArray().Add(JsonNode.Parse("""{"id": 265, "content": "<|end|>", "special": true, "normalized": false}"""));
        byte[] bytes = GgufTokenizer.TryWrite(JsonSerializer.SerializeToElement(small.Json), file => file.Set("general.name", model))!;
        TextTokenizer sut = Read(scratch, bytes);
        sut.Decode(sut.Encode("a<|end|> \n b")).ShouldBe(strips ? "a<|end|>b" : "a<|end|> \n b");
        sut.Decode(sut.Encode("a<|endoftext|> b")).ShouldBe("a<|endoftext|> b");
    }

    private static TextTokenizer Read(TemporaryFolder scratch, byte[] bytes)
    {
        string path = scratch.At("tokenizer.gguf");
        File.WriteAllBytes(path, bytes);
        using GgufFile file = GgufFile.Open(path);
        return TokenizerLoader.FromGguf(file);
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
