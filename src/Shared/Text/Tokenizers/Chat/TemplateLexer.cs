using System.Globalization;
using System.Text;

namespace Workbench.Text.Tokenizers.Chat;

/// <summary>
/// Cuts a Jinja template into tokens, with the white-space rules that transformers sets: <c>trim_blocks</c> (the newline after a
/// tag or comment is dropped) and <c>lstrip_blocks</c> (so is the indentation before one).
/// </summary>
internal sealed class TemplateLexer
{
    private static readonly string[] s_operators =
        ["==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "<", ">", "=", ".", ",", ":", "|", "(", ")", "[", "]", "{", "}"];

    private readonly string _source;
    private readonly List<TemplateToken> _tokens = [];
    private int _position;
    private int _line = 1;

    private TemplateLexer(string source)
    {
        string unified = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        _source = unified.EndsWith('\n') ? unified[..^1] : unified;
    }

    public static IReadOnlyList<TemplateToken> Read(string source)
    {
        var lexer = new TemplateLexer(source);
        lexer.Run();
        return lexer._tokens;
    }

    private void Run()
    {
        while (_position < _source.Length)
        {
            int opening = NextOpening();
            char kind = opening < _source.Length ? _source[opening + 1] : '\0';
            char sign = kind != '\0' && opening + 2 < _source.Length ? _source[opening + 2] : '\0';
            AddText(_position, TextEnd(opening, kind, sign));
            if (kind == '\0')
            {
                break;
            }

            MoveTo(opening + (sign is '-' or '+' ? 3 : 2));
            if (kind == '#')
            {
                SkipComment();
            }
            else
            {
                Code(kind == '{' ? "}}" : "%}", kind == '{');
            }
        }

        Add(TemplateTokenKind.End, "the end of the template");
    }

    private int NextOpening()
    {
        int opening = _position;
        while (true)
        {
            opening = _source.IndexOf('{', opening);
            if (opening < 0 || opening + 1 >= _source.Length)
            {
                return _source.Length;
            }

            if (_source[opening + 1] is '{' or '%' or '#')
            {
                return opening;
            }

            opening++;
        }
    }

    private int TextEnd(int opening, char kind, char sign)
    {
        ReadOnlySpan<char> text = _source.AsSpan(_position, opening - _position);
        if (sign == '-')
        {
            return _position + text.TrimEnd().Length;
        }

        if (kind is not ('%' or '#') || sign == '+')
        {
            return opening;
        }

        int indentation = text.TrimEnd(" \t").Length;
        bool lineStart = indentation == 0 ? _position == 0 || _source[_position - 1] == '\n' : text[indentation - 1] == '\n';
        return lineStart ? _position + indentation : opening;
    }

    private void AddText(int start, int end)
    {
        if (end > start)
        {
            Add(TemplateTokenKind.Text, _source[start..end]);
        }
    }

    private void SkipComment()
    {
        int close = _source.IndexOf("#}", _position, StringComparison.Ordinal);
        if (close < 0)
        {
            throw TemplateError.At(_line, "a comment that does not end");
        }

        MoveTo(close + 2);
        AfterClosing(close > 0 ? _source[close - 1] : '\0', isOutput: false);
    }

    private void Code(string closing, bool isOutput)
    {
        Add(isOutput ? TemplateTokenKind.OutputBegin : TemplateTokenKind.TagBegin, isOutput ? "{{" : "{%");
        int depth = 0;
        while (true)
        {
            while (_position < _source.Length && char.IsWhiteSpace(_source[_position]))
            {
                MoveTo(_position + 1);
            }

            if (_position >= _source.Length)
            {
                throw TemplateError.At(_line, $"a tag without '{closing}'");
            }

            int sign = _source[_position] is '-' or '+' ? 1 : 0;
            if (depth == 0 && string.CompareOrdinal(_source, _position + sign, closing, 0, closing.Length) == 0)
            {
                char signed = _source[_position];
                Add(isOutput ? TemplateTokenKind.OutputEnd : TemplateTokenKind.TagEnd, closing);
                MoveTo(_position + sign + closing.Length);
                AfterClosing(signed, isOutput);
                return;
            }

            depth += Symbol();
        }
    }

    /// <summary>White space after a closing: all of it after '-', else the one newline after a tag unless '+' keeps it.</summary>
    private void AfterClosing(char sign, bool isOutput)
    {
        if (sign == '-')
        {
            MoveTo(_source.Length - _source.AsSpan(_position).TrimStart().Length);
        }
        else if (!isOutput && sign != '+' && _position < _source.Length && _source[_position] == '\n')
        {
            MoveTo(_position + 1);
        }
    }

    /// <summary>Reads one symbol and returns how it changes the depth of brackets.</summary>
    private int Symbol()
    {
        char first = _source[_position];
        if (first is '\'' or '"')
        {
            ReadString(first);
            return 0;
        }

        if (char.IsAsciiDigit(first))
        {
            ReadNumber();
            return 0;
        }

        if (char.IsLetter(first) || first == '_')
        {
            Take(TemplateTokenKind.Name, character => char.IsLetterOrDigit(character) || character == '_');
            return 0;
        }

        string symbol = s_operators.FirstOrDefault(known => string.CompareOrdinal(_source, _position, known, 0, known.Length) == 0)
            ?? throw TemplateError.At(_line, $"the character '{first}'");
        Add(TemplateTokenKind.Operator, symbol);
        MoveTo(_position + symbol.Length);
        return symbol switch
        {
            "(" or "[" or "{" => 1,
            ")" or "]" or "}" => -1,
            _ => 0,
        };
    }

    private void ReadNumber()
    {
        int start = _position;
        int end = start;
        bool real = false;
        while (end < _source.Length
            && (char.IsAsciiDigit(_source[end]) || (!real && _source[end] == '.' && end + 1 < _source.Length && char.IsAsciiDigit(_source[end + 1]))))
        {
            real |= _source[end++] == '.';
        }

        Add(real ? TemplateTokenKind.Float : TemplateTokenKind.Integer, _source[start..end]);
        MoveTo(end);
    }

    private void ReadString(char quote)
    {
        var text = new StringBuilder();
        int index = _position + 1;
        for (; index < _source.Length && _source[index] != quote; index++)
        {
            text.Append(_source[index] == '\\' && index + 1 < _source.Length ? Unescape(ref index) : _source[index].ToString());
        }

        if (index >= _source.Length)
        {
            throw TemplateError.At(_line, "a string that does not end");
        }

        Add(TemplateTokenKind.String, text.ToString());
        MoveTo(index + 1);
    }

    /// <summary>Reads the escape whose backslash stands at the index, and moves the index to its last character.</summary>
    private string Unescape(ref int index)
    {
        char escaped = _source[++index];
        switch (escaped)
        {
            case 'n':
                return "\n";
            case 't':
                return "\t";
            case 'r':
                return "\r";
            case '\\' or '\'' or '"':
                return escaped.ToString();
            case '\n':
                return "";
            case 'x' or 'u':
                int digits = escaped == 'x' ? 2 : 4;
                if (index + digits < _source.Length
                    && ushort.TryParse(_source.AsSpan(index + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
                {
                    index += digits;
                    return ((char)code).ToString();
                }

                throw TemplateError.At(_line, $@"the escape \{escaped} without {digits} digits in a string");
            case 'U' or 'N' or (>= '0' and <= '7') or 'a' or 'b' or 'f' or 'v':
                throw TemplateError.At(_line, $@"the escape \{escaped} in a string");
            default:
                return $@"\{escaped}";
        }
    }

    private void Take(TemplateTokenKind kind, Func<char, bool> belongs)
    {
        int end = _position;
        while (end < _source.Length && belongs(_source[end]))
        {
            end++;
        }

        Add(kind, _source[_position..end]);
        MoveTo(end);
    }

    private void Add(TemplateTokenKind kind, string text)
    {
        _tokens.Add(new TemplateToken(kind, text, _line));
    }

    private void MoveTo(int position)
    {
        _line += _source.AsSpan(_position, position - _position).Count('\n');
        _position = position;
    }
}
