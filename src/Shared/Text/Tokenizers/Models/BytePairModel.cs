using System.Text;

namespace Workbench.Text.Tokenizers.Models;

/// <summary>Byte pair encoding of pre-tokens over bytes.</summary>
internal sealed class BytePairModel : ITokenModel
{
    private const int LongestOnStack = 256;

    private readonly Dictionary<string, int> _vocabulary;
    private readonly MergeTable _merges;
    private readonly bool _wholePieceFirst;
    private readonly int[] _byteIds = new int[256];

    /// <param name="vocabulary">Tokens in the byte alphabet with their ids.</param>
    /// <param name="merges">The merges over those ids.</param>
    /// <param name="wholePieceFirst">Take a piece that is a token as it is, before any merging.</param>
    public BytePairModel(Dictionary<string, int> vocabulary, MergeTable merges, bool wholePieceFirst)
    {
        _vocabulary = vocabulary;
        _merges = merges;
        _wholePieceFirst = wholePieceFirst;
        for (int value = 0; value < _byteIds.Length; value++)
        {
            _byteIds[value] = vocabulary.GetValueOrDefault(ByteAlphabet.CharacterOf((byte)value).ToString(), -1);
        }
    }

    /// <summary>Whether each of the 256 bytes has a token.</summary>
    public bool HasEveryByte => !_byteIds.Contains(-1);

    public EncodedPiece Encode(ReadOnlySpan<char> piece)
    {
        int most = piece.Length * 3;
        bool small = most <= LongestOnStack;
        Span<byte> bytes = small ? stackalloc byte[LongestOnStack] : new byte[most];
        Span<int> starts = small ? stackalloc int[LongestOnStack] : new int[most];
        Span<int> ends = small ? stackalloc int[LongestOnStack] : new int[most];
        int count = Transcode(piece, bytes, starts, ends);
        bytes = bytes[..count];

        if (_wholePieceFirst && _vocabulary.TryGetValue(ByteAlphabet.Encode(bytes), out int whole))
        {
            return new EncodedPiece(piece.ToString(), [whole], [0, piece.Length]);
        }

        Span<int> ids = small ? stackalloc int[LongestOnStack] : new int[count];
        Span<int> lengths = small ? stackalloc int[LongestOnStack] : new int[count];
        int symbols = 0;
        foreach (byte value in bytes)
        {
            if (_byteIds[value] >= 0)
            {
                ids[symbols] = _byteIds[value];
                lengths[symbols++] = 1;
            }
        }

        if (symbols < count)
        {
            WidenToAlphabet(bytes, lengths, ref starts, ref ends);
        }

        int left = SymbolMerger.Merge(ids[..symbols], lengths[..symbols], _merges);
        var bounds = new int[2 * left];
        int position = 0;
        for (int index = 0; index < left; index++)
        {
            bounds[2 * index] = starts[position];
            position += lengths[index];
            bounds[(2 * index) + 1] = ends[position - 1];
        }

        return new EncodedPiece(piece.ToString(), ids[..left].ToArray(), bounds);
    }

    private static int Transcode(ReadOnlySpan<char> piece, Span<byte> bytes, Span<int> starts, Span<int> ends)
    {
        int count = 0;
        for (int position = 0; position < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[position..], out Rune rune, out int consumed);
            int width = rune.EncodeToUtf8(bytes[count..]);
            starts.Slice(count, width).Fill(position);
            ends.Slice(count, width).Fill(position + consumed);
            position += consumed;
            count += width;
        }

        return count;
    }

    /// <summary>
    /// Bytes without a token vanish. The reference library then counts offsets as if the surviving symbols stood at the front of
    /// the piece, in bytes of the alphabet's own UTF-8, and so do we.
    /// </summary>
    private void WidenToAlphabet(ReadOnlySpan<byte> bytes, Span<int> lengths, ref Span<int> starts, ref Span<int> ends)
    {
        Span<int> wideStarts = new int[2 * bytes.Length];
        Span<int> wideEnds = new int[2 * bytes.Length];
        int place = 0;
        int symbol = 0;
        for (int index = 0; index < bytes.Length; index++)
        {
            int width = ByteAlphabet.Utf8WidthOf(bytes[index]);
            wideStarts.Slice(place, width).Fill(starts[index]);
            wideEnds.Slice(place, width).Fill(ends[index]);
            place += width;
            if (_byteIds[bytes[index]] >= 0)
            {
                lengths[symbol++] = width;
            }
        }

        starts = wideStarts;
        ends = wideEnds;
    }
}
