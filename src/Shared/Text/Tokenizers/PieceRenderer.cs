using System.Buffers;
using System.Text;

namespace Workbench.Text.Tokenizers;

/// <summary>Gives each token of a sequence the text that it begins.</summary>
internal static class PieceRenderer
{
    public static TokenPiece[] Render(IReadOnlyList<int> ids, TokenTable tokens)
    {
        var pieces = new TokenPiece[ids.Count];
        for (int start = 0; start < ids.Count;)
        {
            int end = GroupEnd(ids, start, tokens, out string text);
            int parts = end - start;
            for (int index = start; index < end; index++)
            {
                bool shared = parts > 1;
                pieces[index] = new TokenPiece(
                    ids[index], index == start ? text : "", tokens.IsSpecial(ids[index]), shared ? index - start + 1 : 0, shared ? parts : 0);
            }

            start = end;
        }

        return pieces;
    }

    /// <summary>Grows a group of tokens until it ends at a character's border or can no longer become valid.</summary>
    private static int GroupEnd(IReadOnlyList<int> ids, int start, TokenTable tokens, out string text)
    {
        var bytes = new List<byte>(tokens.Bytes(ids[start]));
        int end = start + 1;
        while (EndsAmidCharacter(bytes) && end < ids.Count && Continues(tokens.Bytes(ids[end])))
        {
            bytes.AddRange(tokens.Bytes(ids[end++]));
        }

        text = Encoding.UTF8.GetString([.. bytes]);
        return end;
    }

    private static bool EndsAmidCharacter(List<byte> bytes)
    {
        ReadOnlySpan<byte> tail = [.. bytes.Skip(Math.Max(0, bytes.Count - 4))];
        for (int back = 1; back <= tail.Length; back++)
        {
            byte value = tail[^back];
            if ((value & 0xC0) != 0x80)
            {
                return Rune.DecodeFromUtf8(tail[^back..], out _, out _) == OperationStatus.NeedMoreData;
            }
        }

        return false;
    }

    private static bool Continues(byte[] bytes)
    {
        return bytes.Length > 0 && (bytes[0] & 0xC0) == 0x80;
    }
}
