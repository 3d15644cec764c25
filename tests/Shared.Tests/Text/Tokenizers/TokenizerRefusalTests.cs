using System.Text.Json.Nodes;
using Workbench.Text.Tokenizers;

namespace Workbench.Shared.Tests.Text.Tokenizers;

public class TokenizerRefusalTests
{
    [Theory]
    [InlineData("model.type", "\"Unigram\"", "'Unigram'")]
    [InlineData("model.byte_fallback", "true", "true")]
    [InlineData("model.unk_token", "\"<unk>\"", "'<unk>'")]
    [InlineData("model.continuing_subword_prefix", "\"##\"", "'##'")]
    [InlineData("model.dropout", "0.1", "0.1")]
    [InlineData("model.alpha", "0.1", "0.1")]
    [InlineData("normalizer.type", "\"Nmt\"", "'Nmt'")]
    [InlineData("pre_tokenizer.type", "\"UnicodeScripts\"", "'UnicodeScripts'")]
    [InlineData("pre_tokenizer.trim_everything", "true", "true")]
    [InlineData("post_processor.type", "\"Doubling\"", "'Doubling'")]
    [InlineData("decoder.type", "\"CTC\"", "'CTC'")]
    public void What_is_not_supported_is_named_with_its_value(string field, string value, string shown)
    {
        using var files = new SmallTokenizer();
        string[] path = field.Split('.');
        if (files.Json[path[0]] is null)
        {
            files.Json[path[0]] = new JsonObject();
        }

        files.Json[path[0]]![path[1]] = JsonNode.Parse(value);

        string sentence = Should.Throw<WorkbenchException>(files.Load).Message;

        sentence.ShouldContain(files.FilePath);
        sentence.ShouldContain($"'{field}'");
        sentence.ShouldContain(shown);
    }

    [Theory]
    [InlineData("model.vocab", "[]", "an object")]
    [InlineData("model.merges", "[[\"a\", \"b\", \"c\"]]", "[\"a\", \"b\"]")]
    [InlineData("model.merges", "[\"x y\"]", "parts and whole")]
    [InlineData("added_tokens", "[{\"id\": -1, \"content\": \"x\"}]", "token id")]
    public void What_is_malformed_is_named_with_what_was_expected(string field, string value, string expected)
    {
        using var files = new SmallTokenizer();
        string[] path = field.Split('.');
        JsonNode owner = path.Length == 1 ? files.Json : files.Json[path[0]]!;
        owner[path[^1]] = JsonNode.Parse(value);

        string sentence = Should.Throw<WorkbenchException>(files.Load).Message;

        sentence.ShouldContain(field);
        sentence.ShouldContain(expected);
    }

    [Fact]
    public void A_truncated_file_is_refused_by_name()
    {
        using var files = new SmallTokenizer();
        files.Load();
        File.WriteAllText(files.FilePath, File.ReadAllText(files.FilePath)[..200]);

        Should.Throw<WorkbenchException>(() => TokenizerLoader.FromJson(files.FilePath)).Message.ShouldContain(files.FilePath);
    }

    [Fact]
    public void An_absent_file_is_refused_by_name()
    {
        string path = Path.Combine(Path.GetTempPath(), "no-such-folder", "tokenizer.json");

        Should.Throw<WorkbenchException>(() => TokenizerLoader.FromJson(path)).Message.ShouldContain(path);
    }
}
