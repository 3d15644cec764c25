using System.Globalization;
using System.Text;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>
/// .NET's expressions see UTF-16 units, so <c>\p{L}</c> never matches an astral letter and a negated class matches half a pair.
/// The shadow of a text has one character of the same general category, outside every script that patterns spell out, in place
/// of each pair; positions are mapped back.
/// </summary>
internal static class CategoryShadow
{
    private const int Categories = 30;

    private static readonly char[] s_representatives = FindRepresentatives();

    public static bool IsNeeded(ReadOnlySpan<char> text)
    {
        return text.ContainsAnyInRange('\uD800', '\uDFFF');
    }

    /// <summary>Writes the shadow and where each of its characters begins in the text, one entry more than it has characters.</summary>
    /// <returns>The number of characters of the shadow.</returns>
    public static int Write(ReadOnlySpan<char> text, Span<char> shadow, Span<int> origins)
    {
        int count = 0;
        for (int position = 0; position < text.Length;)
        {
            origins[count] = position;
            Rune.DecodeFromUtf16(text[position..], out Rune rune, out int consumed);
            shadow[count++] = rune.IsBmp ? (char)rune.Value : s_representatives[(int)Rune.GetUnicodeCategory(rune)];
            position += consumed;
        }

        origins[count] = text.Length;
        return count;
    }

    private static char[] FindRepresentatives()
    {
        var representatives = new char[Categories];
        for (int code = char.MaxValue; code > 0; code--)
        {
            int category = (int)CharUnicodeInfo.GetUnicodeCategory(code);
            bool free = code is not ((>= 0x1000 and <= 0x1FFF) or (>= 0x3000 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7FF)
                or (>= 0xF900 and <= 0xFAFF));
            if (representatives[category] == 0 && free)
            {
                representatives[category] = (char)code;
            }
        }

        return representatives;
    }
}
