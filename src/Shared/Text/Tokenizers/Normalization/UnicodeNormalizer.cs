using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>
/// The normal forms with alignment. A composed character stands for the first character of its sequence and the rest belongs to
/// none, as in the reference library.
/// </summary>
/// <param name="compatibility">Whether compatibility decompositions count (forms KC and KD).</param>
/// <param name="compose">Whether characters are composed again (forms C and KC).</param>
internal sealed class UnicodeNormalizer(bool compatibility, bool compose) : INormalizer
{
    private readonly char _firstUnstable = compose && !compatibility ? '\u0300' : '\u00A0';

    private static DecompositionData Data => DecompositionData.Instance;

    public AlignedText? Normalize(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange('\0', (char)(_firstUnstable - 1)) || IsStable(text))
        {
            return null;
        }

        List<Composed> characters = Decompose(text);
        return Align(text, compose ? Compose(characters) : characters);
    }

    private bool IsStable(ReadOnlySpan<char> text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value >= _firstUnstable && (compose
                ? Data.IsUnstable(rune.Value) || (compatibility && Data.Decomposes(rune.Value, compatibility))
                : Data.Decomposes(rune.Value, compatibility)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Full decomposition in canonical order. Each character after the first of a decomposition is one more than there was.</summary>
    private List<Composed> Decompose(ReadOnlySpan<char> text)
    {
        var result = new List<Composed>(text.Length + 16);
        var parts = new List<int>(4);
        foreach (Rune rune in text.EnumerateRunes())
        {
            parts.Clear();
            Data.Decompose(rune.Value, compatibility, parts);
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

    /// <summary>A character takes the place of the next original one, unless it is additional, and swallows as many as it lost.</summary>
    private static AlignedText Align(ReadOnlySpan<char> text, List<Composed> composed)
    {
        var rewriter = new TextRewriter(text);
        foreach (Composed character in composed)
        {
            var written = new Rune(character.Code);
            if (character.Change > 0)
            {
                rewriter.Insert(written);
                continue;
            }

            rewriter.Take(written);
            for (int swallowed = character.Change; swallowed < 0; swallowed++)
            {
                rewriter.Skip();
            }
        }

        return rewriter.Finish();
    }

    private readonly record struct Composed(int Code, int Change, int Class);

    private sealed class C : IStepReader<INormalizer>
    {
        public string Type => "NFC";

        public INormalizer Read(JsonField field)
        {
            return Form(field, compatibility: false, compose: true);
        }
    }

    private sealed class D : IStepReader<INormalizer>
    {
        public string Type => "NFD";

        public INormalizer Read(JsonField field)
        {
            return Form(field, compatibility: false, compose: false);
        }
    }

    private sealed class CompatibleC : IStepReader<INormalizer>
    {
        public string Type => "NFKC";

        public INormalizer Read(JsonField field)
        {
            return Form(field, compatibility: true, compose: true);
        }
    }

    private sealed class CompatibleD : IStepReader<INormalizer>
    {
        public string Type => "NFKD";

        public INormalizer Read(JsonField field)
        {
            return Form(field, compatibility: true, compose: false);
        }
    }

    private static UnicodeNormalizer Form(JsonField field, bool compatibility, bool compose)
    {
        field.Only();
        return new UnicodeNormalizer(compatibility, compose);
    }
}
