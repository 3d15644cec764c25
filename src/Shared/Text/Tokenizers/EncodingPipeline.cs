using Workbench.Text.Tokenizers.Models;
using Workbench.Text.Tokenizers.Normalization;
using Workbench.Text.Tokenizers.PostProcessing;
using Workbench.Text.Tokenizers.PreTokenization;

namespace Workbench.Text.Tokenizers;

/// <summary>
/// Text to ids as the reference library does it: added tokens of the raw text, normaliser, added tokens of the normalised text,
/// pre-tokenizer, model, frame. Safe on any number of threads.
/// </summary>
internal sealed class EncodingPipeline
{
    [ThreadStatic]
    private static (PieceList From, PieceList To)? s_pieces;

    private readonly AddedTokenMatcher _rawTokens;
    private readonly AddedTokenMatcher _normalizedTokens;
    private readonly INormalizer? _normalizer;
    private readonly IPreTokenizer? _preTokenizer;
    private readonly ITokenModel _model;
    private readonly TokenTable _tokens;
    private readonly PieceCache _cache = new();

    public EncodingPipeline(TokenTable tokens, INormalizer? normalizer, IPreTokenizer? preTokenizer, ITokenModel model, TokenFrame frame)
    {
        _tokens = tokens;
        _normalizer = normalizer;
        _preTokenizer = preTokenizer;
        _model = model;
        Frame = frame;
        _rawTokens = new AddedTokenMatcher(tokens.Added.Where(token => !token.Normalized).Select(token => (token.Content, token)));
        _normalizedTokens = new AddedTokenMatcher(tokens.Added.Where(token => token.Normalized)
            .Select(token => (normalizer?.Normalize(token.Content)?.Text ?? token.Content, token)));
    }

    public TokenFrame Frame { get; }

    public EncodingBuffer Encode(ReadOnlySpan<char> text, bool addSpecialTokens, bool withSpans)
    {
        var buffer = new EncodingBuffer((text.Length / 4) + 2, withSpans);
        if (addSpecialTokens)
        {
            AddAll(Frame.Prefix, buffer);
            buffer.TextStart = buffer.Ids.Count;
        }

        var raw = new List<TextSegment>();
        var normalized = new List<TextSegment>();
        _rawTokens.Split(text, raw);
        foreach (TextSegment segment in raw)
        {
            if (segment.Token is not null)
            {
                Add(segment, text, new SpanMap(null, 0, 0), buffer);
                continue;
            }

            ReadOnlySpan<char> piece = text[segment.Start..segment.End];
            AlignedText? aligned = _normalizer?.Normalize(piece);
            ReadOnlySpan<char> rewritten = aligned is null ? piece : aligned.Text;
            var map = new SpanMap(aligned, 0, segment.Start);
            normalized.Clear();
            _normalizedTokens.Split(rewritten, normalized);
            foreach (TextSegment part in normalized)
            {
                if (part.Token is not null)
                {
                    Add(part, rewritten, map, buffer);
                }
                else
                {
                    EncodeWords(rewritten[part.Start..part.End], map.From(part.Start), buffer);
                }
            }
        }

        if (addSpecialTokens)
        {
            AddAll(Frame.Suffix, buffer);
        }

        return buffer;
    }

    private void EncodeWords(ReadOnlySpan<char> text, SpanMap map, EncodingBuffer buffer)
    {
        (PieceList from, PieceList to) = s_pieces ??= (new PieceList(), new PieceList());
        var pieces = new TextPieces(text, map, from, to);
        _preTokenizer?.Apply(ref pieces);
        foreach ((int start, int length) in pieces.Pieces)
        {
            ReadOnlySpan<char> piece = pieces.Text.Slice(start, length);
            EncodedPiece? encoded = _cache.Find(piece, out int slot);
            if (encoded is null)
            {
                encoded = _model.Encode(piece);
                _cache.Keep(slot, encoded);
            }

            Add(encoded, pieces.Map.From(start), buffer);
        }
    }

    private void Add(EncodedPiece piece, SpanMap map, EncodingBuffer buffer)
    {
        if (buffer.Spans is null)
        {
            buffer.Ids.AddRange(piece.Ids);
            return;
        }

        for (int index = 0; index < piece.Ids.Length; index++)
        {
            int id = piece.Ids[index];
            int leading = Frame.TrimOffsets ? _tokens.LeadingSpaces(id) : 0;
            int trailing = Frame.TrimOffsets ? _tokens.TrailingSpaces(id) : 0;
            Place(id, map.Start(piece.Bounds[2 * index]), map.End(piece.Bounds[(2 * index) + 1]), leading, trailing, buffer);
        }
    }

    private void Add(TextSegment segment, ReadOnlySpan<char> text, SpanMap map, EncodingBuffer buffer)
    {
        ReadOnlySpan<char> matched = text[segment.Start..segment.End];
        int leading = matched.Length - matched.TrimStart().Length;
        int trailing = matched.Length - matched.TrimEnd().Length;
        Place(segment.Token!.Id, map.Start(segment.Start), map.End(segment.End), leading, trailing, buffer);
    }

    private void Place(int id, int start, int end, int leading, int trailing, EncodingBuffer buffer)
    {
        if (Frame.TrimOffsets)
        {
            bool first = buffer.Ids.Count == buffer.TextStart || start == 0;
            leading -= first && leading > 0 && Frame.KeepFirstSpace ? 1 : 0;
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
