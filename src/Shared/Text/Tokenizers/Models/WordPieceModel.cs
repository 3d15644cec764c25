namespace Workbench.Text.Tokenizers.Models;

/// <summary>Greedy longest match from the left. A word with a part that is not found is unknown as a whole.</summary>
internal sealed class WordPieceModel : ITokenModel
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _first;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _later;
    private readonly int _unknown;
    private readonly int _mostCharacters;
    private readonly int _longest;

    /// <param name="vocabulary">Tokens with their ids.</param>
    /// <param name="prefix">What tokens begin with that continue a word.</param>
    /// <param name="unknown">The id of an unknown word.</param>
    /// <param name="mostCharacters">Words of more characters are unknown.</param>
    public WordPieceModel(Dictionary<string, int> vocabulary, string prefix, int unknown, int mostCharacters)
    {
        var later = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string token, int id) in vocabulary)
        {
            _longest = Math.Max(_longest, token.Length);
            if (token.StartsWith(prefix, StringComparison.Ordinal))
            {
                later[token[prefix.Length..]] = id;
            }
        }

        _first = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _later = later.GetAlternateLookup<ReadOnlySpan<char>>();
        _unknown = unknown;
        _mostCharacters = mostCharacters;
    }

    public EncodedPiece Encode(ReadOnlySpan<char> piece)
    {
        if (CountCharacters(piece) > _mostCharacters)
        {
            return Unknown(piece);
        }

        var ids = new List<int>();
        var bounds = new List<int>();
        for (int position = 0; position < piece.Length;)
        {
            Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> tokens = position == 0 ? _first : _later;
            int length = Math.Min(piece.Length - position, _longest);
            int id = -1;
            while (length > 0 && !tokens.TryGetValue(piece.Slice(position, length), out id))
            {
                length--;
            }

            if (length == 0)
            {
                return Unknown(piece);
            }

            ids.Add(id);
            bounds.AddRange([position, position + length]);
            position += length;
        }

        return new EncodedPiece(piece.ToString(), [.. ids], [.. bounds]);
    }

    private EncodedPiece Unknown(ReadOnlySpan<char> piece)
    {
        return new EncodedPiece(piece.ToString(), [_unknown], [0, piece.Length]);
    }

    private static int CountCharacters(ReadOnlySpan<char> piece)
    {
        int count = piece.Length;
        foreach (char unit in piece)
        {
            count -= char.IsLowSurrogate(unit) ? 1 : 0;
        }

        return count;
    }
}
