namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>A growing list of (start, length) pieces that is reused between texts.</summary>
internal sealed class PieceList
{
    private (int Start, int Length)[] _pieces = new (int, int)[256];

    public int Count { get; private set; }

    public ReadOnlySpan<(int Start, int Length)> Pieces => _pieces.AsSpan(0, Count);

    public void Clear()
    {
        Count = 0;
    }

    /// <summary>Adds a piece unless it is empty.</summary>
    public void Add(int start, int length)
    {
        if (length == 0)
        {
            return;
        }

        if (Count == _pieces.Length)
        {
            Array.Resize(ref _pieces, 2 * Count);
        }

        _pieces[Count++] = (start, length);
    }
}
