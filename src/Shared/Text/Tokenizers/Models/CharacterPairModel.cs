using System.Text;

namespace Workbench.Text.Tokenizers.Models;

/// <summary>Byte pair encoding over characters, as SentencePiece does it.</summary>
/// <param name="vocabulary">Tokens with their ids.</param>
/// <param name="characters">Where encoding begins.</param>
/// <param name="merges">The merges.</param>
/// <param name="wholePieceFirst">Take a piece that is a token as it is, before any merging.</param>
internal sealed class CharacterPairModel(
    Dictionary<string, int> vocabulary, CharacterVocabulary characters, MergeTable merges, bool wholePieceFirst) : ITokenModel
{
    private const int LongestOnStack = 256;
    private const int MostSymbolsPerUnit = 3;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _whole = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();

    public EncodedPiece Encode(ReadOnlySpan<char> piece)
    {
        if (wholePieceFirst && _whole.TryGetValue(piece, out int whole))
        {
            return new EncodedPiece(piece.ToString(), [whole], [0, piece.Length]);
        }

        int most = piece.Length * MostSymbolsPerUnit;
        bool small = most <= LongestOnStack;
        Span<int> ids = small ? stackalloc int[LongestOnStack] : new int[most];
        Span<int> starts = small ? stackalloc int[LongestOnStack] : new int[most];
        Span<int> ends = small ? stackalloc int[LongestOnStack] : new int[most];
        Span<int> lengths = small ? stackalloc int[LongestOnStack] : new int[most];
        int count = Begin(piece, ids, starts, ends);
        lengths[..count].Fill(1);
        int left = SymbolMerger.Merge(ids[..count], lengths[..count], merges);
        int[] bounds = new int[2 * left];
        int position = 0;
        for (int index = 0; index < left; index++)
        {
            bounds[2 * index] = starts[position];
            position += lengths[index];
            bounds[(2 * index) + 1] = ends[position - 1];
        }

        return new EncodedPiece(piece.ToString(), ids[..left].ToArray(), bounds);
    }

    /// <summary>Writes one symbol for each known character or byte, and says how many there are.</summary>
    private int Begin(ReadOnlySpan<char> piece, Span<int> ids, Span<int> starts, Span<int> ends)
    {
        int count = 0;
        bool afterUnknown = false;
        for (int position = 0; position < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[position..], out Rune rune, out int units);
            int added = 1;
            ids[count] = characters.Find(rune.Value);
            bool isUnknown = ids[count] < 0 && (added = characters.Bytes(rune, ids[count..])) == 0;
            if (isUnknown && characters.Unknown is { } unknown)
            {
                if (afterUnknown && characters.Fuses)
                {
                    ends[count - 1] = position + units;
                }
                else
                {
                    ids[count] = unknown;
                    added = 1;
                }
            }

            starts.Slice(count, added).Fill(position);
            ends.Slice(count, added).Fill(position + units);
            count += added;
            position += units;
            afterUnknown = isUnknown && characters.Unknown is not null;
        }

        return count;
    }
}
