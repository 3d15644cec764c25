using System.Globalization;
using System.Text;

namespace Workbench.Text.Tokenizers.Models;

/// <summary>Where byte pair encoding over characters begins: the ids of single characters and of what stands for unknown ones.</summary>
internal sealed class CharacterVocabulary
{
    private readonly Dictionary<int, int> _ids = [];
    private readonly int[]? _byteIds;

    /// <param name="vocabulary">Tokens with their ids.</param>
    /// <param name="fallsBack">Whether unknown characters become bytes, which are written <c>&lt;0xNN&gt;</c>.</param>
    /// <param name="unknown">The id of a character that does not even have bytes; where there is none, it vanishes.</param>
    /// <param name="fuses">Whether neighbouring ones are one token.</param>
    public CharacterVocabulary(Dictionary<string, int> vocabulary, bool fallsBack, int? unknown, bool fuses)
    {
        foreach ((string token, int id) in vocabulary)
        {
            if (token.Length is 1 or 2 && Rune.TryGetRuneAt(token, 0, out Rune rune) && rune.Utf16SequenceLength == token.Length)
            {
                _ids[rune.Value] = id;
            }
        }

        if (fallsBack)
        {
            _byteIds = new int[256];
            for (int value = 0; value < _byteIds.Length; value++)
            {
                _byteIds[value] = vocabulary.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), -1);
            }
        }

        Unknown = unknown;
        Fuses = fuses;
        IsComplete = _byteIds is not null && !_byteIds.Contains(-1);
    }

    public int? Unknown { get; }

    public bool Fuses { get; }

    /// <summary>Whether every character has an id or bytes.</summary>
    public bool IsComplete { get; }

    /// <summary>The id of a character, or -1.</summary>
    public int Find(int code)
    {
        return _ids.GetValueOrDefault(code, -1);
    }

    /// <summary>Writes the ids of a character's bytes and returns how many there are: 0 where one is missing.</summary>
    public int Bytes(Rune rune, Span<int> ids)
    {
        if (_byteIds is null)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[4];
        int count = rune.EncodeToUtf8(bytes);
        for (int index = 0; index < count; index++)
        {
            ids[index] = _byteIds[bytes[index]];
            if (ids[index] < 0)
            {
                return 0;
            }
        }

        return count;
    }
}
