using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Models;

/// <summary>Reads WordPiece.</summary>
internal sealed class WordPieceReader : ITokenModelReader
{
    public string Type => "WordPiece";

    public TokenModelParts Read(JsonField field, bool overBytes)
    {
        field.Only("unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab");
        Dictionary<string, int> vocabulary = TokenModelReaders.Vocabulary(field["vocab"]);
        var model = new WordPieceModel(
            vocabulary,
            field["continuing_subword_prefix"].TextOrNull() ?? "##",
            TokenModelReaders.Known(field["unk_token"], vocabulary),
            field["max_input_chars_per_word"].Number(0, int.MaxValue, whenAbsent: 100));
        return new TokenModelParts(model, vocabulary);
    }
}
