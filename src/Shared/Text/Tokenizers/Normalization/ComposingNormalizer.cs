using System.Text;

namespace Workbench.Text.Tokenizers;

/// <summary>
/// Normal form C with alignment. A composed character stands for the first character of its sequence and the rest belongs to
/// none, as in the reference library.
/// </summary>
internal sealed class ComposingNormalizer : INormalizer
{
    private const char FirstUnstable = '\u0300';

    private static CanonicalData Data => CanonicalData.Instance;

    public AlignedText? Normalize(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange('\0', (char)(FirstUnstable - 1)) || IsStable(text))
        {
            return null;
        }

        List<Composed> composed = Compose(Decompose(text));
        return Align(text, composed);
    }

    private static bool IsStable(ReadOnlySpan<char> text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value >= FirstUnstable && Data.IsUnstable(rune.Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Full decomposition in canonical order. Each character after the first of a decomposition is one more than there was.</summary>
    private static List<Composed> Decompose(ReadOnlySpan<char> text)
    {
        var result = new List<Composed>(text.Length + 16);
        var parts = new List<int>(4);
        foreach (Rune rune in text.EnumerateRunes())
        {
            parts.Clear();
            Data.Decompose(rune.Value, parts);
            for (int index = 0; index < parts.Count; index++)
            {
                Insert(result, new Composed(parts[index], index == 0 ? 0 : 1, Data.ClassOf(parts[index])));
            }
        }

        return result;
    }

    private static void Insert(List<Composed> characters, Composed added)
    {
        int place = characters.Count;
        while (added.Class != 0 && place > 0 && characters[place - 1].Class > added.Class)
        {
            place--;
        }

        characters.Insert(place, added);
    }

    private static List<Composed> Compose(List<Composed> characters)
    {
        var result = new List<Composed>(characters.Count);
        int starter = -1;
        int lastClass = 0;
        foreach (Composed character in characters)
        {
            bool adjacent = result.Count - 1 == starter;
            bool open = starter >= 0 && (adjacent || (lastClass != 0 && lastClass < character.Class));
            if (open && Data.Compose(result[starter].Code, character.Code) is { } code)
            {
                result[starter] = new Composed(code, result[starter].Change + character.Change - 1, 0);
                continue;
            }

            result.Add(character);
            lastClass = character.Class;
            if (character.Class == 0)
            {
                starter = result.Count - 1;
            }
        }

        return result;
    }

    /// <summary>
    /// Walks both texts: a character takes the place of the next original one, or of the last one consumed when it is additional,
    /// and then swallows as many as its negative change says.
    /// </summary>
    private static AlignedText Align(ReadOnlySpan<char> text, List<Composed> composed)
    {
        var builder = new StringBuilder(text.Length);
        var starts = new List<int>(text.Length);
        var ends = new List<int>(text.Length);
        var lengths = new List<int>(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            lengths.Add(rune.Utf16SequenceLength);
        }

        int next = 0;
        int index = 0;
        (int Start, int End) consumed = (0, 0);
        foreach (Composed character in composed)
        {
            if (character.Change <= 0)
            {
                consumed = Take();
            }

            (int Start, int End) span = consumed;
            for (int swallowed = character.Change; swallowed < 0; swallowed++)
            {
                consumed = Take();
            }

            string written = char.ConvertFromUtf32(character.Code);
            builder.Append(written);
            for (int unit = 0; unit < written.Length; unit++)
            {
                starts.Add(span.Start);
                ends.Add(span.End);
            }
        }

        return new AlignedText(builder.ToString(), [.. starts], [.. ends]);

        (int Start, int End) Take()
        {
            int start = next;
            next += lengths[index++];
            return (start, next);
        }
    }

    private readonly record struct Composed(int Code, int Change, int Class);
}
