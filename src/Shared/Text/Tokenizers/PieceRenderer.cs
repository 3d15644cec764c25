using System.Buffers;
using System.Text;

namespace Workbench.Text.Tokenizers;

/// <summary>Gives each token of a sequence the characters that begin in it.</summary>
internal static class PieceRenderer
{
    private const string Continuation = "\u22EF";

    public static TokenPiece[] Render(IReadOnlyList<int> ids, TokenTable tokens)
    {
        var bytes = new List<byte>();
        var owners = new List<int>();
        for (int index = 0; index < ids.Count; index++)
        {
            byte[] own = tokens.Bytes(ids[index]);
            bytes.AddRange(own);
            owners.AddRange(Enumerable.Repeat(index, own.Length));
        }

        var shown = new List<byte>[ids.Count];
        var continues = new bool[ids.Count];
        for (int index = 0; index < ids.Count; index++)
        {
            shown[index] = [];
        }

        Distribute([.. bytes], owners, shown, continues);
        var pieces = new TokenPiece[ids.Count];
        for (int index = 0; index < ids.Count; index++)
        {
            string text = shown[index].Count == 0 && continues[index] ? Continuation : ByteText.Render([.. shown[index]]);
            pieces[index] = new TokenPiece(ids[index], text, tokens.IsSpecial(ids[index]), continues[index]);
        }

        return pieces;
    }

    private static void Distribute(ReadOnlySpan<byte> bytes, List<int> owners, List<byte>[] shown, bool[] continues)
    {
        for (int start = 0; start < bytes.Length;)
        {
            bool whole = Rune.DecodeFromUtf8(bytes[start..], out _, out int length) == OperationStatus.Done;
            for (int index = start; index < start + length; index++)
            {
                int owner = whole ? owners[start] : owners[index];
                shown[owner].Add(bytes[index]);
                continues[owners[index]] |= whole && owners[index] != owner;
            }

            start += length;
        }
    }
}
