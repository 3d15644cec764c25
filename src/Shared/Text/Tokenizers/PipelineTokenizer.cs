using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace Workbench.Text.Tokenizers;

/// <summary>The pipeline as a tokenizer of Microsoft.ML.Tokenizers. No special tokens are added around the text.</summary>
internal sealed class PipelineTokenizer(EncodingPipeline pipeline, TokenTable tokens) : Tokenizer
{
    public override string Decode(IEnumerable<int> ids)
    {
        return tokens.Decode(ids, skipSpecial: false);
    }

    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        int[] all = [.. ids];
        string text = tokens.Decode(all, skipSpecial: false);
        bool fits = text.TryCopyTo(destination);
        (idsConsumed, charsWritten) = fits ? (all.Length, text.Length) : (0, 0);
        return fits ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
    }

    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        ReadOnlySpan<char> characters = text is null ? textSpan : text;
        EncodingBuffer buffer = pipeline.Encode(characters, addSpecialTokens: false, withSpans: true);
        int kept = Keep(buffer, settings.MaxTokenCount);
        var encoded = new EncodedToken[kept];
        for (int index = 0; index < kept; index++)
        {
            (int start, int end) = buffer.Spans![index];
            encoded[index] = new EncodedToken(buffer.Ids[index], tokens.Written(buffer.Ids[index]), start..end);
        }

        int consumed = kept == buffer.Ids.Count ? characters.Length : buffer.Spans![kept].Start;
        return new EncodeResults<EncodedToken> { Tokens = encoded, CharsConsumed = consumed };
    }

    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        ReadOnlySpan<char> characters = text is null ? textSpan : text;
        bool limited = settings.MaxTokenCount < int.MaxValue;
        EncodingBuffer buffer = pipeline.Encode(characters, addSpecialTokens: false, withSpans: limited);
        if (!limited)
        {
            return new EncodeResults<int> { Tokens = buffer.Ids, CharsConsumed = characters.Length };
        }

        int kept = Keep(buffer, settings.MaxTokenCount);
        int consumed = kept == buffer.Ids.Count ? characters.Length : buffer.Spans![kept].Start;
        return new EncodeResults<int> { Tokens = buffer.Ids[..kept], CharsConsumed = consumed };
    }

    /// <summary>How many tokens stay: at most the limit, and never a part of a character only.</summary>
    private static int Keep(EncodingBuffer buffer, int limit)
    {
        int kept = Math.Min(limit, buffer.Ids.Count);
        while (kept > 0 && kept < buffer.Ids.Count && buffer.Spans![kept].Start < buffer.Spans[kept - 1].End)
        {
            kept--;
        }

        return kept;
    }
}
