using System.Text;
using System.Text.Json;
using Workbench.Text.Tokenizers;

namespace Workbench.Shared.Tests.Text.Tokenizers;

public class TextTokenizerTests
{
    private const string Mixed = "hello world €5, naïve 👩‍💻 \t\n hello<|endoftext|> hello 42!";

    [Fact]
    public void Encoding_with_special_tokens_begins_with_the_token_of_the_template()
    {
        using var files = new SmallTokenizer();
        TextTokenizer sut = files.Load();

        sut.Encode("hello", addSpecialTokens: true).ShouldBe([SmallTokenizer.Separator, .. sut.Encode("hello")]);
        sut.EncodeWithOffsets("hello", addSpecialTokens: true)[0].ShouldBe(new TokenSpan(SmallTokenizer.Separator, 0, 0));
        sut.BosId.ShouldBe(SmallTokenizer.Separator);
        sut.AddsBos.ShouldBeTrue();
        sut.IsSpecial(SmallTokenizer.Separator).ShouldBeTrue();
    }

    [Fact]
    public void Begin_and_end_tokens_and_the_chat_template_come_from_the_files_beside_the_tokenizer()
    {
        using var files = new SmallTokenizer();
        files.WriteBeside("tokenizer_config.json", """{"bos_token": {"content": "a"}, "eos_token": "b", "chat_template": "{{ eos_token }}!"}""");
        files.WriteBeside("generation_config.json", """{"eos_token_id": [0, 7]}""");

        TextTokenizer sut = files.Load();

        sut.BosId.ShouldBe(sut.Encode("a")[0]);
        sut.AddsBos.ShouldBeFalse();
        sut.EosIds.ShouldBe([0, 7, sut.Encode("b")[0]], ignoreOrder: true);
        sut.ApplyChatTemplate([], addGenerationPrompt: false).ShouldBe("b!");
    }

    [Fact]
    public void A_model_without_chat_template_says_so()
    {
        using var files = new SmallTokenizer();
        TextTokenizer sut = files.Load();

        Should.Throw<WorkbenchException>(() => sut.ApplyChatTemplate([new ChatMessage("user", "hi")], addGenerationPrompt: true))
            .Message.ShouldContain("no chat template");
    }

    [Fact]
    public void Merges_of_both_written_forms_make_the_same_tokenizer()
    {
        using var pairs = new SmallTokenizer();
        using var strings = new SmallTokenizer();
        string[][] merges = strings.Json["model"]!["merges"].Deserialize<string[][]>()!;
        strings.Json["model"]!["merges"] = JsonSerializer.SerializeToNode(merges.Select(merge => string.Join(' ', merge)));

        strings.Load().Encode(Mixed).ShouldBe(pairs.Load().Encode(Mixed));
    }

    [Fact]
    public void Bytes_of_all_tokens_of_a_text_are_its_utf8_bytes()
    {
        using var files = new SmallTokenizer();
        TextTokenizer sut = files.Load();

        int[] ids = sut.Encode(Mixed);

        ids.SelectMany(id => sut.TokenBytes(id).ToArray()).ShouldBe(Encoding.UTF8.GetBytes(Mixed));
        sut.Decode(ids).ShouldBe(Mixed);
        sut.Decode(ids, skipSpecial: true).ShouldBe(Mixed.Replace("<|endoftext|>", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_that_is_part_of_a_character_shows_its_bytes()
    {
        using var files = new SmallTokenizer();
        TextTokenizer sut = files.Load();

        int[] euro = sut.Encode("€");

        euro.Select(sut.TokenText).ShouldBe(["⟨E2 82⟩", "⟨AC⟩"]);
        sut.TokenText(sut.Encode(" hello")[0]).ShouldBe(" hello");
    }

    [Fact]
    public void Pieces_show_a_shared_character_at_its_first_token_and_a_mark_at_the_others()
    {
        using var files = new SmallTokenizer();
        TextTokenizer sut = files.Load();

        IReadOnlyList<TokenPiece> pieces = sut.Pieces(sut.Encode("hello €!<|endoftext|>"));

        pieces.Select(piece => piece.Text).ShouldBe(["hello", " ", "€", "⋯", "!", "<|endoftext|>"]);
        pieces.Select(piece => piece.IsContinuation).ShouldBe([false, false, false, true, false, false]);
        pieces.Select(piece => piece.IsSpecial).ShouldBe([false, false, false, false, false, true]);
    }

    [Fact]
    public void Pieces_of_a_window_cut_amid_characters_show_the_stray_bytes()
    {
        using var files = new SmallTokenizer();
        TextTokenizer sut = files.Load();
        int[] euro = sut.Encode("€");

        sut.Pieces([euro[1], .. sut.Encode("or"), euro[0]]).Select(piece => piece.Text).ShouldBe(["⟨AC⟩", "or", "⟨E2 82⟩"]);
    }

    [Fact]
    public void A_streaming_decoder_gives_each_character_when_its_last_byte_arrives()
    {
        using var files = new SmallTokenizer();
        TextTokenizer sut = files.Load();
        var decoder = new StreamingTextDecoder(sut, skipSpecial: false);
        int[] ids = sut.Encode(Mixed);

        string[] parts = [.. ids.Select(decoder.Append)];

        string.Concat(parts).ShouldBe(Mixed);
        parts.ShouldNotContain(part => part.Contains('\uFFFD'));
        decoder.Flush().ShouldBe("");
        decoder.Append(sut.Encode("€")[0]).ShouldBe("");
        decoder.Flush().ShouldBe("\uFFFD");
    }

    [Fact]
    public void A_lone_surrogate_counts_as_the_replacement_character()
    {
        using var files = new SmallTokenizer();
        TextTokenizer sut = files.Load();

        sut.Encode("a\uD83Db").ShouldBe(sut.Encode("a\uFFFDb"));
        sut.EncodeWithOffsets("a\uD83Db")[^1].End.ShouldBe(3);
    }

    [Fact]
    public void An_id_outside_the_vocabulary_is_named()
    {
        using var files = new SmallTokenizer();
        TextTokenizer sut = files.Load();
        int outside = sut.VocabularySize;

        Should.Throw<WorkbenchException>(() => sut.Decode([outside])).Message.ShouldContain($"{outside}");
        Should.Throw<WorkbenchException>(() => sut.TokenText(-1)).Message.ShouldContain("-1");
    }

    [Fact]
    public void Many_threads_get_what_one_thread_gets()
    {
        using var files = new SmallTokenizer();
        TextTokenizer sut = files.Load();
        string[] texts = [.. Enumerable.Range(0, 500).Select(number => $"{Mixed} {number} {new string('l', number % 150)}")];
        TextTokenizer alone = files.Load();
        int[][] expected = [.. texts.Select(text => alone.Encode(text))];

        var found = new int[texts.Length][];
        Parallel.For(0, texts.Length, index => found[index] = sut.Encode(texts[index]));

        found.ShouldBe(expected);
    }

    [Fact]
    public void A_long_word_is_merged_as_a_short_one_is()
    {
        using var files = new SmallTokenizer();
        TextTokenizer sut = files.Load();
        int[] word = sut.Encode("hellohello");

        sut.Encode(string.Concat(Enumerable.Repeat("hello", 1000))).ShouldBe(Enumerable.Repeat(word[0], 1000));
        word.ShouldBe([word[0], word[0]]);
    }
}
