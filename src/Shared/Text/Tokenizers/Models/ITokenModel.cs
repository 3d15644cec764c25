namespace Workbench.Text.Tokenizers.Models;

/// <summary>Turns a piece of text into ids. Safe on any number of threads.</summary>
internal interface ITokenModel
{
    /// <summary>The ids of a piece that is not empty.</summary>
    EncodedPiece Encode(ReadOnlySpan<char> piece);
}
