namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Joins pieces that were rewritten one by one.</summary>
internal sealed class AlignedPieces(int capacity)
{
    private char[] _text = new char[capacity];
    private int[] _starts = new int[capacity];
    private int[] _ends = new int[capacity];

    public int Count { get; private set; }

    /// <summary>Appends a piece.</summary>
    /// <param name="piece">The piece before it was rewritten.</param>
    /// <param name="rewritten">The piece rewritten, or null when it stays.</param>
    /// <param name="map">From the piece before to the text as it was given.</param>
    public void Append(ReadOnlySpan<char> piece, AlignedText? rewritten, SpanMap map)
    {
        ReadOnlySpan<char> text = rewritten is null ? piece : rewritten.Text;
        int needed = Count + text.Length;
        if (needed > _text.Length)
        {
            int room = Math.Max(needed, 2 * _text.Length);
            Array.Resize(ref _text, room);
            Array.Resize(ref _starts, room);
            Array.Resize(ref _ends, room);
        }

        text.CopyTo(_text.AsSpan(Count));
        for (int unit = 0; unit < text.Length; unit++)
        {
            _starts[Count + unit] = map.Start(rewritten is null ? unit : rewritten.Starts[unit]);
            _ends[Count + unit] = map.End(rewritten is null ? unit + 1 : rewritten.Ends[unit]);
        }

        Count = needed;
    }

    public AlignedText Finish()
    {
        return new AlignedText(new string(_text, 0, Count), _starts, _ends);
    }
}
