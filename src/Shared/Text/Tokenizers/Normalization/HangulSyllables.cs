namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>Hangul syllables and their jamo, which compose by arithmetic (Unicode Standard, section 3.12).</summary>
internal static class HangulSyllables
{
    private const int Syllable = 0xAC00;
    private const int Leading = 0x1100;
    private const int Vowel = 0x1161;
    private const int Trailing = 0x11A7;
    private const int Leadings = 19;
    private const int Vowels = 21;
    private const int Trailings = 28;
    private const int Syllables = Leadings * Vowels * Trailings;

    public static bool IsVowelOrFinal(int code)
    {
        return code is (>= Vowel and < Vowel + Vowels) or (> Trailing and < Trailing + Trailings);
    }

    public static bool IsSyllable(int code)
    {
        return code is >= Syllable and < Syllable + Syllables;
    }

    public static int? Compose(int first, int second)
    {
        if (first is >= Leading and < Leading + Leadings && second is >= Vowel and < Vowel + Vowels)
        {
            return Syllable + ((((first - Leading) * Vowels) + (second - Vowel)) * Trailings);
        }

        bool open = first is >= Syllable and < Syllable + Syllables && (first - Syllable) % Trailings == 0;
        return open && second is > Trailing and < Trailing + Trailings ? first + (second - Trailing) : null;
    }

    public static bool Decompose(int code, List<int> parts)
    {
        int index = code - Syllable;
        if (index is < 0 or >= Syllables)
        {
            return false;
        }

        parts.Add(Leading + (index / (Vowels * Trailings)));
        parts.Add(Vowel + (index / Trailings % Vowels));
        if (index % Trailings != 0)
        {
            parts.Add(Trailing + (index % Trailings));
        }

        return true;
    }
}
