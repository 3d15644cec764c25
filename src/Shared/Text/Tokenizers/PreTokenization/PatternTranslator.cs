using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>
/// Turns an expression of a tokenizer file (Oniguruma's syntax) into one of .NET that matches the same text. What the two
/// engines read differently is rewritten or refused, never passed on.
/// </summary>
internal sealed class PatternTranslator
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const string Digit = @"\p{Nd}";
    private const string Word = @"\p{L}\p{M}\p{Nd}\p{Pc}";

    private readonly string _pattern;
    private readonly StringBuilder _output = new();
    private readonly Stack<(int Start, bool IgnoreCase)> _groups = new();
    private int _position;
    private int _atomStart;
    private bool _ignoreCase;

    private PatternTranslator(string pattern)
    {
        _pattern = pattern;
    }

    /// <summary>The compiled expression.</summary>
    /// <exception cref="NotSupportedException">The message names the construct that is not supported.</exception>
    public static Regex Compile(string pattern)
    {
        return CompileTranslated(Checked(pattern));
    }

    /// <summary>The expression in .NET's syntax, which is known to be valid.</summary>
    /// <exception cref="NotSupportedException">The message names the construct that is not supported.</exception>
    public static string Checked(string pattern)
    {
        string translated = Translate(pattern);
        try
        {
            _ = new Regex(translated, Options);
            return translated;
        }
        catch (ArgumentException invalid)
        {
            throw new NotSupportedException(invalid.Message);
        }
    }

    /// <summary>Compiles what <see cref="Checked"/> gave.</summary>
    public static Regex CompileTranslated(string translated)
    {
        return new Regex(translated, Options | RegexOptions.Compiled);
    }

    public static string Translate(string pattern)
    {
        var translator = new PatternTranslator(pattern);
        translator.Run();
        return translator._output.ToString();
    }

    private void Run()
    {
        while (_position < _pattern.Length)
        {
            char character = _pattern[_position++];
            switch (character)
            {
                case '\\':
                    Atom(Escape(inClass: false));
                    break;
                case '[':
                    Atom(CharacterClass());
                    break;
                case '(':
                    OpenGroup();
                    break;
                case ')':
                    CloseGroup();
                    break;
                case '|':
                    _output.Append('|');
                    break;
                case '*' or '+' or '?' or '{':
                    Quantifier(character);
                    break;
                case '^' or '$':
                    throw Unsupported($"the anchor '{character}'");
                case '.':
                    Atom(".");
                    break;
                default:
                    Atom(Literal(character));
                    break;
            }
        }
    }

    private void Atom(string text)
    {
        _atomStart = _output.Length;
        _output.Append(text);
    }

    private string Literal(char character)
    {
        if (char.IsSurrogate(character))
        {
            throw Unsupported("a character above U+FFFF");
        }

        if (!_ignoreCase || !char.IsLetter(character))
        {
            return Regex.Escape(character.ToString());
        }

        // Unicode folds two more characters into ASCII letters, the long s and the Kelvin sign.
        return char.ToLowerInvariant(character) switch
        {
            's' => "[sS\\u017F]",
            'k' => "[kK\\u212A]",
            char lower when char.IsAscii(lower) => $"[{lower}{char.ToUpperInvariant(lower)}]",
            _ => throw Unsupported($"'{character}' without regard to case"),
        };
    }

    private string Escape(bool inClass)
    {
        if (_position == _pattern.Length)
        {
            throw Unsupported("a backslash at the end");
        }

        char escaped = _pattern[_position++];
        switch (escaped)
        {
            case 'p' or 'P':
                int close = _pattern.IndexOf('}', _position);
                if (_position >= _pattern.Length || _pattern[_position] != '{' || close < 0)
                {
                    throw Unsupported("a property without braces");
                }

                string name = _pattern[(_position + 1)..close];
                _position = close + 1;
                bool negated = escaped == 'P' ^ name.StartsWith('^');
                name = name.TrimStart('^');
                return name.Length is 1 or 2 ? $@"\{(negated ? 'P' : 'p')}{{{name}}}" : throw Unsupported($@"the property \p{{{name}}}");
            case 'd':
                return Digit;
            case 'D':
                return @"\P{Nd}";
            case 'w':
                return inClass ? Word : $"[{Word}]";
            case 'W' when !inClass:
                return $"[^{Word}]";
            case 's' or 'S' or 'r' or 'n' or 't' or 'f' or 'v':
                return $@"\{escaped}";
            case 'u' or 'x':
                return CodePoint(escaped);
            default:
                return char.IsLetterOrDigit(escaped) || char.IsSurrogate(escaped) ? throw Unsupported($@"the escape \{escaped}") : $@"\{escaped}";
        }
    }

    private string CodePoint(char kind)
    {
        bool braces = kind == 'x' && _position < _pattern.Length && _pattern[_position] == '{';
        int start = braces ? _position + 1 : _position;
        int end = braces ? _pattern.IndexOf('}', start) : start + (kind == 'u' ? 4 : 2);
        if (end < start || end > _pattern.Length
            || !int.TryParse(_pattern.AsSpan(start, end - start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
            || code > char.MaxValue)
        {
            throw Unsupported($@"the escape \{kind} with this code");
        }

        _position = braces ? end + 1 : end;
        return $@"\u{code:X4}";
    }

    private string CharacterClass()
    {
        if (_ignoreCase)
        {
            throw Unsupported("a character class without regard to case");
        }

        var members = new StringBuilder("[");
        if (_position < _pattern.Length && _pattern[_position] == '^')
        {
            members.Append('^');
            _position++;
        }

        for (bool first = true; _position < _pattern.Length; first = false)
        {
            char character = _pattern[_position++];
            switch (character)
            {
                case ']' when !first:
                    return members.Append(']').ToString();
                case '\\':
                    members.Append(Escape(inClass: true));
                    break;
                case '[' or ']':
                    throw Unsupported($"'{character}' within a character class");
                case '&' when _position < _pattern.Length && _pattern[_position] == '&':
                    throw Unsupported("'&&' within a character class");
                default:
                    members.Append(char.IsSurrogate(character) ? throw Unsupported("a character above U+FFFF") : character);
                    break;
            }
        }

        throw Unsupported("a character class that does not end");
    }

    private void OpenGroup()
    {
        _groups.Push((_output.Length, _ignoreCase));
        foreach (string kind in (string[])["?:", "?=", "?!", "?<=", "?<!", "?>", "?i:"])
        {
            if (string.CompareOrdinal(_pattern, _position, kind, 0, kind.Length) == 0)
            {
                _position += kind.Length;
                _ignoreCase |= kind == "?i:";
                _output.Append('(').Append(kind == "?i:" ? "?:" : kind);
                return;
            }
        }

        if (_position < _pattern.Length && _pattern[_position] == '?')
        {
            throw Unsupported($"the group '({_pattern.AsSpan(_position, Math.Min(3, _pattern.Length - _position))}'");
        }

        _output.Append("(?:");
    }

    private void CloseGroup()
    {
        if (!_groups.TryPop(out (int Start, bool IgnoreCase) group))
        {
            throw Unsupported("a ')' without '('");
        }

        _output.Append(')');
        _atomStart = group.Start;
        _ignoreCase = group.IgnoreCase;
    }

    private void Quantifier(char first)
    {
        if (first == '{')
        {
            int close = _pattern.IndexOf('}', _position);
            string range = close < 0 ? "" : _pattern[_position..close];
            if (!Regex.IsMatch(range, "^[0-9]+(,[0-9]*)?$", RegexOptions.CultureInvariant))
            {
                throw Unsupported("a '{' that is no repetition");
            }

            _output.Append('{').Append(range).Append('}');
            _position = close + 1;
            return;
        }

        _output.Append(first);
        if (_position < _pattern.Length && _pattern[_position] == '+')
        {
            _position++;
            _output.Insert(_atomStart, "(?>").Append(')');
        }
        else if (_position < _pattern.Length && _pattern[_position] == '?')
        {
            _position++;
            _output.Append('?');
        }
    }

    private NotSupportedException Unsupported(string construct)
    {
        return new NotSupportedException($"the expression {_pattern} uses {construct}");
    }
}
