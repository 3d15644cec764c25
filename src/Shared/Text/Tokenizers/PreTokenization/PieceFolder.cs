namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Turns matches and the text between them into pieces, as a <see cref="SplitBehavior"/> says.</summary>
internal struct PieceFolder(PieceList pieces, SplitBehavior behavior, bool invert)
{
    private int _start;
    private int _length;
    private bool _heldIsMatch;

    /// <summary>Appends the pieces of a stretch.</summary>
    /// <param name="start">Where the stretch begins.</param>
    /// <param name="length">Its length.</param>
    /// <param name="matches">Its matches, relative to its start.</param>
    public void Fold(int start, int length, ReadOnlySpan<(int Start, int Length)> matches)
    {
        int covered = 0;
        foreach ((int from, int count) in matches)
        {
            Put(start + covered, from - covered, invert);
            Put(start + from, count, !invert);
            covered = from + count;
        }

        Put(start + covered, length - covered, invert);
        Release();
    }

    private void Put(int start, int length, bool isMatch)
    {
        if (length == 0)
        {
            return;
        }

        switch (behavior)
        {
            case SplitBehavior.Isolated:
                pieces.Add(start, length);
                return;
            case SplitBehavior.Removed:
                pieces.Add(start, isMatch ? 0 : length);
                return;
            case SplitBehavior.MergedWithPrevious when isMatch && !_heldIsMatch:
            case SplitBehavior.MergedWithNext when !isMatch && _heldIsMatch:
            case SplitBehavior.Contiguous when isMatch == _heldIsMatch:
                _start = _length == 0 ? start : _start;
                _length += length;
                break;
            default:
                Release();
                (_start, _length) = (start, length);
                break;
        }

        _heldIsMatch = isMatch;
    }

    private void Release()
    {
        pieces.Add(_start, _length);
        _length = 0;
    }
}
