using System.Buffers;
using System.Globalization;
using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>
/// The replacements that SentencePiece compiled into a table. Short clusters of characters are looked up whole, then each
/// character alone; the first entry that the looked-up text begins with counts, as in the reference library.
/// </summary>
internal sealed class PrecompiledNormalizer(ReplacementTable table) : INormalizer
{
    private const int LongestCluster = 5;
    private const int MostBytesPerUnit = 3;

    public AlignedText? Normalize(ReadOnlySpan<char> text)
    {
        var rewriter = new TextRewriter(text);
        bool changed = false;
        Span<byte> bytes = stackalloc byte[(LongestCluster + 1) * MostBytesPerUnit];
        while (rewriter.Position < text.Length)
        {
            int start = rewriter.Position;
            ReadOnlySpan<char> cluster = text.Slice(start, StringInfo.GetNextTextElementLength(text[start..]));
            if (cluster.Length <= LongestCluster && Encoding.UTF8.GetBytes(cluster, bytes) is int length and <= LongestCluster
                && table.TryFind(bytes[..length], out ReadOnlySpan<byte> whole))
            {
                Replace(cluster.Length, whole, ref rewriter);
                changed = true;
                continue;
            }

            while (rewriter.Position < start + cluster.Length && rewriter.TryPeek(out Rune rune))
            {
                if (table.TryFind(bytes[..rune.EncodeToUtf8(bytes)], out ReadOnlySpan<byte> single))
                {
                    Replace(rune.Utf16SequenceLength, single, ref rewriter);
                    changed = true;
                }
                else
                {
                    rewriter.Take(rune);
                }
            }
        }

        return changed ? rewriter.Finish() : null;
    }

    /// <summary>Each new character stands for the old one at its place; those left over go to the last of the other side.</summary>
    private static void Replace(int units, scoped ReadOnlySpan<byte> replacement, ref TextRewriter rewriter)
    {
        int end = rewriter.Position + units;
        while (!replacement.IsEmpty && Rune.DecodeFromUtf8(replacement, out Rune rune, out int length) == OperationStatus.Done)
        {
            replacement = replacement[length..];
            if (rewriter.Position < end)
            {
                rewriter.Take(rune);
            }
            else
            {
                rewriter.Insert(rune);
            }
        }

        while (rewriter.Position < end)
        {
            rewriter.Skip();
        }
    }

    private sealed class Reader : IStepReader<INormalizer>
    {
        public string Type => "Precompiled";

        public INormalizer Read(JsonField field)
        {
            field.Only("precompiled_charsmap");
            JsonField map = field["precompiled_charsmap"];
            byte[] bytes = map.Base64();
            return ReplacementTable.TryRead(bytes, out ReplacementTable? table)
                ? new PrecompiledNormalizer(table)
                : throw map.Wrong("a whole table of replacements in base 64");
        }
    }
}
