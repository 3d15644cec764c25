namespace Workbench.Text.Tokenizers.Models;

/// <summary>A pre-token with its ids and, for each id, the half-open UTF-16 span within the piece: start, end, start, end ...</summary>
internal sealed record EncodedPiece(string Text, int[] Ids, int[] Bounds);
