using System.Buffers;
using System.Text.RegularExpressions;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>A regular expression over code points.</summary>
internal sealed class RegexPattern : ITextPattern
{
    private readonly Lazy<Regex> _expression;

    /// <param name="pattern">The expression in Oniguruma's syntax.</param>
    /// <exception cref="NotSupportedException">The message names the construct that is not supported.</exception>
    public RegexPattern(string pattern)
    {
        string translated = PatternTranslator.Checked(pattern);
        _expression = new Lazy<Regex>(() => PatternTranslator.CompileTranslated(translated));
    }

    public void Find(ReadOnlySpan<char> text, PieceList matches)
    {
        if (!CategoryShadow.IsNeeded(text))
        {
            foreach (ValueMatch match in _expression.Value.EnumerateMatches(text))
            {
                matches.Add(match.Index, match.Length);
            }

            return;
        }

        char[] shadow = ArrayPool<char>.Shared.Rent(text.Length);
        int[] origins = ArrayPool<int>.Shared.Rent(text.Length + 1);
        int count = CategoryShadow.Write(text, shadow, origins);
        foreach (ValueMatch match in _expression.Value.EnumerateMatches(shadow.AsSpan(0, count)))
        {
            int start = origins[match.Index];
            matches.Add(start, origins[match.Index + match.Length] - start);
        }

        ArrayPool<char>.Shared.Return(shadow);
        ArrayPool<int>.Shared.Return(origins);
    }
}
