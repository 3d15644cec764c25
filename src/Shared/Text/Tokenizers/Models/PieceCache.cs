namespace Workbench.Text.Tokenizers.Models;

/// <summary>
/// A direct-mapped cache of pre-tokens. A slot is one reference, so readers and writers on any threads see whole entries and a
/// collision merely replaces one.
/// </summary>
internal sealed class PieceCache
{
    private const int LongestPiece = 48;

    private readonly EncodedPiece?[] _slots = new EncodedPiece?[1 << 16];

    public EncodedPiece? Find(ReadOnlySpan<char> piece, out int slot)
    {
        if (piece.Length > LongestPiece)
        {
            slot = -1;
            return null;
        }

        slot = Hash(piece) & (_slots.Length - 1);
        EncodedPiece? found = Volatile.Read(ref _slots[slot]);
        return found is not null && piece.SequenceEqual(found.Text) ? found : null;
    }

    public void Keep(int slot, EncodedPiece piece)
    {
        if (slot >= 0)
        {
            Volatile.Write(ref _slots[slot], piece);
        }
    }

    private static int Hash(ReadOnlySpan<char> piece)
    {
        uint hash = (uint)piece.Length;
        foreach (char character in piece)
        {
            hash = (hash ^ character) * 0x9E3779B1u;
        }

        return (int)(hash ^ (hash >> 15));
    }
}
