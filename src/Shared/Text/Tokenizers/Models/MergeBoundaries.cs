using System.Text;

namespace Workbench.Text.Tokenizers.Models;

/// <summary>Collects which pairs of neighbouring characters some merge joins.</summary>
internal sealed class MergeBoundaries
{
    private readonly HashSet<long> _joined = [];
    private bool _joinsBytes;

    public void Add(string left, string right)
    {
        _joinsBytes |= IsByte(left) || IsByte(right);
        if (left.Length > 0 && right.Length > 0)
        {
            Rune.DecodeLastFromUtf16(left, out Rune last, out _);
            Rune.DecodeFromUtf16(right, out Rune first, out _);
            _joined.Add(MergeBoundaryStep.Key(last.Value, first.Value));
        }
    }

    /// <summary>The step that cuts at all other places, or null where merges of bytes make that unsound.</summary>
    public MergeBoundaryStep? StepFor(CharacterVocabulary characters)
    {
        return _joinsBytes ? null : new MergeBoundaryStep(_joined, characters);
    }

    private static bool IsByte(string token)
    {
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[^1] == '>';
    }
}
