namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>A stretch of text and the pieces that it has been cut into so far.</summary>
internal ref struct TextPieces
{
    private PieceList _pieces;
    private PieceList _spare;

    /// <param name="text">The stretch, at first one piece.</param>
    /// <param name="map">From it to the text as it was given.</param>
    /// <param name="pieces">Room for pieces, whatever it holds.</param>
    /// <param name="spare">More room.</param>
    public TextPieces(ReadOnlySpan<char> text, SpanMap map, PieceList pieces, PieceList spare)
    {
        Text = text;
        Map = map;
        (_pieces, _spare) = (pieces, spare);
        _pieces.Clear();
        _pieces.Add(0, text.Length);
    }

    public ReadOnlySpan<char> Text { get; private set; }

    public SpanMap Map { get; private set; }

    public readonly ReadOnlySpan<(int Start, int Length)> Pieces => _pieces.Pieces;

    /// <summary>Cuts each piece.</summary>
    public void Cut(ITextCutter cutter)
    {
        _spare.Clear();
        foreach ((int start, int length) in _pieces.Pieces)
        {
            cutter.Cut(Text.Slice(start, length), start, _spare);
        }

        (_pieces, _spare) = (_spare, _pieces);
    }

    /// <summary>Rewrites each piece. Which pieces there are stays as it is.</summary>
    /// <param name="rewrite">Gets a piece and whether it begins the text as it was given; null keeps the piece.</param>
    public void Rewrite(PieceRewrite rewrite)
    {
        var written = new AlignedPieces(Text.Length + 16);
        _spare.Clear();
        foreach ((int start, int length) in _pieces.Pieces)
        {
            ReadOnlySpan<char> piece = Text.Slice(start, length);
            SpanMap map = Map.From(start);
            int before = written.Count;
            written.Append(piece, rewrite(piece, map.Start(0) == 0), map);
            _spare.Add(before, written.Count - before);
        }

        (_pieces, _spare) = (_spare, _pieces);
        AlignedText text = written.Finish();
        Text = text.Text;
        Map = new SpanMap(text, 0, 0);
    }
}
