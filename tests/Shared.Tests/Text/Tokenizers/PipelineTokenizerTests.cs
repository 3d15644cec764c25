using System.Buffers;
using Microsoft.ML.Tokenizers;
using Workbench.Text.Tokenizers;

namespace Workbench.Shared.Tests.Text.Tokenizers;

public class PipelineTokenizerTests
{
    private const string Text = "hello €€ world";

    [Fact]
    public void The_base_class_encodes_counts_and_decodes_as_the_tokenizer_does()
    {
        using var files = new SmallTokenizer();
        TextTokenizer tokenizer = files.Load();
        Tokenizer sut = tokenizer.Base;
        int[] ids = tokenizer.Encode(Text);

        sut.EncodeToIds(Text).ShouldBe(ids);
        sut.EncodeToIds(Text.AsSpan()).ShouldBe(ids);
        sut.CountTokens(Text).ShouldBe(ids.Length);
        sut.Decode(ids).ShouldBe(Text);
        sut.EncodeToTokens(Text, out _).Select(token => (token.Id, token.Offset))
            .ShouldBe(tokenizer.EncodeWithOffsets(Text).Select(span => (span.Id, span.Start..span.End)));
    }

    [Fact]
    public void A_limit_of_tokens_never_cuts_a_character()
    {
        using var files = new SmallTokenizer();
        TextTokenizer tokenizer = files.Load();
        int[] ids = tokenizer.Encode(Text);
        for (int limit = 1; limit <= ids.Length; limit++)
        {
            IReadOnlyList<int> kept = tokenizer.Base.EncodeToIds(Text, limit, out _, out int consumed);

            kept.Count.ShouldBeLessThanOrEqualTo(limit);
            tokenizer.Decode(kept).ShouldBe(Text[..consumed]);
            tokenizer.Base.GetIndexByTokenCount(Text, limit, out _, out int count).ShouldBe(consumed);
            count.ShouldBe(kept.Count);
        }
    }

    [Fact]
    public void Decoding_into_a_short_buffer_says_that_it_is_too_small()
    {
        using var files = new SmallTokenizer();
        TextTokenizer tokenizer = files.Load();
        int[] ids = tokenizer.Encode(Text);
        var characters = new char[Text.Length];

        tokenizer.Base.Decode(ids, characters.AsSpan(0, 3), out _, out _).ShouldBe(OperationStatus.DestinationTooSmall);
        tokenizer.Base.Decode(ids, characters, out int consumed, out int written).ShouldBe(OperationStatus.Done);
        new string(characters, 0, written).ShouldBe(Text);
        consumed.ShouldBe(ids.Length);
    }
}
