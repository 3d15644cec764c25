using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Text.Tokenizers;
using Workbench.Text.Tokenizers.Decoding;
using Workbench.Text.Tokenizers.Models;
using Workbench.Text.Tokenizers.Normalization;
using Workbench.Text.Tokenizers.PostProcessing;
using Workbench.Text.Tokenizers.PreTokenization;
using Workbench.Workspaces;

namespace Workbench.Shared.Tests.Text.Tokenizers;

public class TokenizerStepTests
{
    [Theory]
    [InlineData("Isolated", "a|1|2|b|3")]
    [InlineData("Removed", "a|b")]
    [InlineData("MergedWithPrevious", "a1|2|b3")]
    [InlineData("MergedWithNext", "a|1|2b|3")]
    [InlineData("Contiguous", "a|12|b|3")]
    public void Matches_go_where_the_behavior_of_a_split_says(string behavior, string expected)
    {
        Cut("a12b3", Step<IPreTokenizer>($$"""{"type": "Split", "pattern": {"Regex": "[0-9]"}, "behavior": "{{behavior}}", "invert": false}"""))
            .ShouldBe(expected.Split('|'));
    }

    [Fact]
    public void An_inverted_split_takes_the_text_between_matches_for_the_match()
    {
        Cut("a12b3", Step<IPreTokenizer>("""{"type": "Split", "pattern": {"Regex": "[0-9]"}, "behavior": "Removed", "invert": true}"""))
            .ShouldBe(["1", "2", "3"]);
    }

    [Theory]
    [InlineData("""{"type": "Whitespace"}""", "Hi, 你 x_1!?", "Hi|,|你|x_1|!?")]
    [InlineData("""{"type": "WhitespaceSplit"}""", " a\u3000b  c", "a|b|c")]
    [InlineData("""{"type": "Punctuation"}""", "a,b$", "a|,|b|$")]
    [InlineData("""{"type": "CharDelimiterSplit", "delimiter": "-"}""", "a-b--c", "a|b|c")]
    [InlineData("""{"type": "Digits", "individual_digits": false}""", "a12½b", "a|12½|b")]
    [InlineData("""{"type": "Metaspace", "replacement": "_", "prepend_scheme": "always", "split": true}""", "a b  c", "_a|_b|_|_c")]
    [InlineData("""{"type": "Metaspace", "replacement": "_", "add_prefix_space": false}""", "a b", "a|_b")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": true}""", "a b", " a| b")]
    public void A_pre_tokenizer_cuts_as_its_name_says(string step, string text, string expected)
    {
        Cut(text, Step<IPreTokenizer>(step)).ShouldBe(expected.Split('|'));
    }

    [Theory]
    [InlineData("""{"type": "NFKD"}""", "ﬁé", "fie\u0301")]
    [InlineData("""{"type": "NFKC"}""", "ﬁe\u0301①", "fié1")]
    [InlineData("""{"type": "NFD"}""", "각", "\u1100\u1161\u11A8")]
    [InlineData("""{"type": "Lowercase"}""", "ΑΣ\u0130\u212A", "ασi\u0307k")]
    [InlineData("""{"type": "StripAccents"}""", "e\u0301a", "ea")]
    [InlineData("""{"type": "Strip", "strip_left": true, "strip_right": false}""", " a ", "a ")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "a+"}, "content": "<>"}""", "baac", "b<>c")]
    [InlineData("""{"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "xy"}, {"type": "Strip"}]}""", "a ", "xya")]
    public void A_normalizer_rewrites_as_its_name_says(string step, string text, string expected)
    {
        (Step<INormalizer>(step).Normalize(text)?.Text ?? text).ShouldBe(expected);
    }

    [Fact]
    public void What_a_normalizer_writes_knows_where_it_comes_from()
    {
        AlignedText text = Step<INormalizer>(
            """
            {"type": "Sequence", "normalizers": [
              {"type": "Prepend", "prepend": "__"}, {"type": "Replace", "pattern": {"Regex": " +"}, "content": "-"}, {"type": "NFKC"}]}
            """).Normalize("a  ﬁ")!;

        text.Text.ShouldBe("__a-fi");
        text.Starts.Take(6).ShouldBe([0, 0, 0, 2, 3, 3]);
        text.Ends.Take(6).ShouldBe([1, 1, 1, 3, 4, 4]);
    }

    [Theory]
    [InlineData("""{"type": "ByteFallback"}""", "a|<0xE2>|<0x82>|<0xAC>|b", "a€b")]
    [InlineData("""{"type": "ByteFallback"}""", "<0x61>|<0xE2>|b", "\uFFFD\uFFFDb")]
    [InlineData("""{"type": "Metaspace", "replacement": "_", "prepend_scheme": "always"}""", "_a|_b", "a b")]
    [InlineData("""{"type": "Metaspace", "replacement": "_", "prepend_scheme": "never"}""", "_a|_b", " a b")]
    [InlineData("""{"type": "WordPiece", "prefix": "##", "cleanup": true}""", "do|##ing|.|n't", "doing.n't")]
    [InlineData("""{"type": "WordPiece", "prefix": "##", "cleanup": false}""", "do|##ing|.", "doing .")]
    [InlineData("""{"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 2}]}""", "  a| |  ", " a ")]
    public void A_decoder_joins_as_its_name_says(string step, string tokens, string expected)
    {
        List<string> list = [.. tokens.Split('|')];

        Step<IDecoder>(step).Decode(list);

        string.Concat(list).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"type": "BertProcessing", "sep": ["[SEP]", 7], "cls": ["[CLS]", 5]}""")]
    [InlineData("""{"type": "RobertaProcessing", "sep": ["</s>", 7], "cls": ["<s>", 5], "trim_offsets": true, "add_prefix_space": false}""")]
    public void A_fixed_frame_puts_one_token_before_the_text_and_one_after(string step)
    {
        TokenFrame frame = Step<IPostProcessor>(step).Apply(TokenFrame.None);

        frame.Prefix.ShouldBe([5]);
        frame.Suffix.ShouldBe([7]);
    }

    [Fact]
    public void A_unigram_model_takes_the_best_total_and_fuses_what_is_unknown()
    {
        TokenModelParts parts = TokenModelReaders.Read(
            Field("""{"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["a", -1], ["b", -1], ["ab", -1.5], ["bc", -1]]}"""), overBytes: false);

        EncodedPiece piece = parts.Model.Encode("abcxyab");

        piece.Ids.ShouldBe([1, 4, 0, 3]);
        piece.Bounds.ShouldBe([0, 1, 1, 3, 3, 5, 5, 7]);
    }

    [Fact]
    public void Without_bytes_to_fall_back_on_unknown_characters_fuse_where_it_is_asked_for()
    {
        const string Model = """{"type": "BPE", "unk_token": "?", "fuse_unk": FUSE, "vocab": {"?": 0, "a": 1, "b": 2, "ab": 3}, "merges": ["a b"]}""";

        TokenModelReaders.Read(Field(Model.Replace("FUSE", "true", StringComparison.Ordinal)), overBytes: false)
            .Model.Encode("abxyab").Ids.ShouldBe([3, 0, 3]);
        TokenModelReaders.Read(Field(Model.Replace("FUSE", "false", StringComparison.Ordinal)), overBytes: false)
            .Model.Encode("abxyab").Ids.ShouldBe([3, 0, 0, 3]);
    }

    [Fact]
    public void An_option_that_no_step_knows_is_refused_by_its_field()
    {
        Should.Throw<WorkbenchException>(() => Step<INormalizer>("""{"type": "Strip", "strip_middle": true}""")).Message.ShouldContain("'step.strip_middle'");
    }

    private static string[] Cut(string text, IPreTokenizer step)
    {
        var pieces = new TextPieces(text, new SpanMap(null, 0, 0), new PieceList(), new PieceList());
        step.Apply(ref pieces);
        var cut = new List<string>();
        foreach ((int start, int length) in pieces.Pieces)
        {
            cut.Add(pieces.Text.Slice(start, length).ToString());
        }

        return [.. cut];
    }

    private static TStep Step<TStep>(string json)
    {
        return StepReaders<TStep>.Read(Field(json));
    }

    private static JsonField Field(string json)
    {
        return new JsonField("tokenizer.json", "step", JsonSerializer.SerializeToElement(JsonNode.Parse(json)));
    }
}
