using System.Buffers;

namespace Workbench.Text.Tokenizers;

/// <summary>
/// Text to ids as the reference library does it: added tokens of the raw text, normaliser, added tokens of the normalised text,
/// pre-tokenizer steps, byte pair encoding, post-processing. Safe on any number of threads.
/// </summary>
internal sealed class ByteLevelPipeline
{
    [ThreadStatic]
    private static (PieceList From, PieceList To)? s_pieces;

    private readonly AddedTokenMatcher _rawTokens;
    private readonly AddedTokenMatcher _normalizedTokens;
    private readonly INormalizer? _normalizer;
    private readonly IReadOnlyList<ISplitStep> _steps;
    private readonly BytePairModel _model;
    private readonly TokenTable _tokens;

    public ByteLevelPipeline(
        TokenTable tokens, INormalizer? normalizer, IReadOnlyList<ISplitStep> steps, BytePairModel model, PostProcessing postProcessing)
    {
        _tokens = tokens;
        _normalizer = normalizer;
        _steps = steps;
        _model = model;
        PostProcessing = postProcessing;
        _rawTokens = new AddedTokenMatcher(tokens.Added.Where(token => !token.Normalized).Select(token => (token.Content, token)));
        _normalizedTokens = new AddedTokenMatcher(tokens.Added.Where(token => token.Normalized)
            .Select(token => (normalizer?.Normalize(token.Content)?.Text ?? token.Content, token)));
    }

    public PostProcessing PostProcessing { get; }

    public EncodingBuffer Encode(ReadOnlySpan<char> text, bool addSpecialTokens, bool withSpans)
    {
        var buffer = new EncodingBuffer((text.Length / 4) + 2, withSpans);
        if (addSpecialTokens)
        {
            AddAll(PostProcessing.Prefix, buffer);
            buffer.TextStart = buffer.Ids.Count;
        }

        var raw = new List<TextSegment>();
        var normalized = new List<TextSegment>();
        _rawTokens.Split(text, raw);
        foreach (TextSegment segment in raw)
        {
            if (segment.Token is not null)
            {
                Add(segment, text, 0, null, buffer);
                continue;
            }

            ReadOnlySpan<char> piece = text[segment.Start..segment.End];
            AlignedText? aligned = _normalizer?.Normalize(piece);
            ReadOnlySpan<char> rewritten = aligned is null ? piece : aligned.Text;
            normalized.Clear();
            _normalizedTokens.Split(rewritten, normalized);
            foreach (TextSegment part in normalized)
            {
                if (part.Token is not null)
                {
                    Add(part, rewritten, segment.Start, aligned, buffer);
                }
                else
                {
                    EncodeWords(rewritten[part.Start..part.End], part.Start, segment.Start, aligned, buffer);
                }
            }
        }

        if (addSpecialTokens)
        {
            AddAll(PostProcessing.Suffix, buffer);
        }

        return buffer;
    }

    private void EncodeWords(ReadOnlySpan<char> text, int offset, int origin, AlignedText? aligned, EncodingBuffer buffer)
    {
        if (!CategoryShadow.IsNeeded(text))
        {
            foreach ((int start, int length) in PreTokenize(text))
            {
                EncodePiece(text.Slice(start, length), offset + start, origin, aligned, buffer);
            }

            return;
        }

        char[] shadow = ArrayPool<char>.Shared.Rent(text.Length);
        int[] origins = ArrayPool<int>.Shared.Rent(text.Length + 1);
        int count = CategoryShadow.Write(text, shadow, origins);
        foreach ((int start, int length) in PreTokenize(shadow.AsSpan(0, count)))
        {
            int from = origins[start];
            EncodePiece(text[from..origins[start + length]], offset + from, origin, aligned, buffer);
        }

        ArrayPool<char>.Shared.Return(shadow);
        ArrayPool<int>.Shared.Return(origins);
    }

    private ReadOnlySpan<(int Start, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        (PieceList from, PieceList to) = s_pieces ??= (new PieceList(), new PieceList());
        from.Clear();
        from.Add(0, text.Length);
        foreach (ISplitStep step in _steps)
        {
            to.Clear();
            foreach ((int start, int length) in from.Pieces)
            {
                step.Split(text.Slice(start, length), start, to);
            }

            (from, to) = (to, from);
        }

        return from.Pieces;
    }

    private void EncodePiece(ReadOnlySpan<char> piece, int offset, int origin, AlignedText? aligned, EncodingBuffer buffer)
    {
        EncodedPiece encoded = _model.Encode(piece);
        if (buffer.Spans is null)
        {
            buffer.Ids.AddRange(encoded.Ids);
            return;
        }

        for (int index = 0; index < encoded.Ids.Length; index++)
        {
            int start = offset + encoded.Bounds[2 * index];
            int end = offset + encoded.Bounds[(2 * index) + 1];
            int id = encoded.Ids[index];
            bool trimmed = PostProcessing.TrimOffsets;
            int leading = trimmed ? _tokens.LeadingSpaces(id) : 0;
            int trailing = trimmed ? _tokens.TrailingSpaces(id) : 0;
            Place(id, start, end, leading, trailing, origin, aligned, buffer);
        }
    }

    private void Add(TextSegment segment, ReadOnlySpan<char> text, int origin, AlignedText? aligned, EncodingBuffer buffer)
    {
        ReadOnlySpan<char> matched = text[segment.Start..segment.End];
        int leading = matched.Length - matched.TrimStart().Length;
        int trailing = matched.Length - matched.TrimEnd().Length;
        Place(segment.Token!.Id, segment.Start, segment.End, leading, trailing, origin, aligned, buffer);
    }

    private void Place(
        int id, int start, int end, int leading, int trailing, int origin, AlignedText? aligned, EncodingBuffer buffer)
    {
        if (aligned is not null)
        {
            (start, end) = (aligned.Starts[start], aligned.Ends[end - 1]);
        }

        (start, end) = (origin + start, origin + end);
        if (PostProcessing.TrimOffsets)
        {
            bool first = buffer.Ids.Count == buffer.TextStart || start == 0;
            leading -= first && leading > 0 && PostProcessing.KeepFirstSpace ? 1 : 0;
            start = Math.Min(start + leading, end);
            end = trailing > 0 && end >= trailing ? Math.Max(end - trailing, start) : end;
        }

        buffer.Add(id, start, end);
    }

    private static void AddAll(int[] ids, EncodingBuffer buffer)
    {
        foreach (int id in ids)
        {
            buffer.Add(id, 0, 0);
        }
    }
}
