using System.Text;

namespace Workbench.Text.Tokenizers;

/// <summary>
/// Writes a text from another one, character by character, and keeps the alignment: what is taken stands for the character that
/// it replaces, what is inserted for the character taken or skipped last.
/// </summary>
internal ref struct TextRewriter
{
    private readonly ReadOnlySpan<char> _text;
    private char[] _written;
    private int[] _starts;
    private int[] _ends;
    private int _count;
    private int _position;
    private int _width;
    private (int Start, int End) _last;

    public TextRewriter(ReadOnlySpan<char> text)
    {
        _text = text;
        int capacity = text.Length + 16;
        _written = new char[capacity];
        _starts = new int[capacity];
        _ends = new int[capacity];
    }

    /// <summary>Where the next character of the original stands.</summary>
    public readonly int Position => _position;

    /// <summary>The next character of the original, a lone surrogate as U+FFFD; false at the end.</summary>
    public bool TryPeek(out Rune next)
    {
        if (_position == _text.Length)
        {
            next = default;
            return false;
        }

        char first = _text[_position];
        if (char.IsSurrogate(first))
        {
            Rune.DecodeFromUtf16(_text[_position..], out next, out _width);
        }
        else
        {
            next = new Rune(first);
            _width = 1;
        }

        return true;
    }

    /// <summary>Passes the next character of the original over.</summary>
    public void Skip()
    {
        if (TryPeek(out _))
        {
            _last = (_position, _position + _width);
            _position += _width;
        }
    }

    /// <summary>Writes a character in place of the next one of the original.</summary>
    public void Take(Rune written)
    {
        Skip();
        Insert(written);
    }

    /// <summary>Writes one more character.</summary>
    public void Insert(Rune written)
    {
        if (_count + 2 > _written.Length)
        {
            int capacity = 2 * _written.Length;
            Array.Resize(ref _written, capacity);
            Array.Resize(ref _starts, capacity);
            Array.Resize(ref _ends, capacity);
        }

        int units = written.EncodeToUtf16(_written.AsSpan(_count));
        for (int unit = 0; unit < units; unit++)
        {
            (_starts[_count], _ends[_count]) = _last;
            _count++;
        }
    }

    /// <summary>What has been written.</summary>
    public readonly AlignedText Finish()
    {
        return new AlignedText(new string(_written, 0, _count), _starts, _ends);
    }
}
