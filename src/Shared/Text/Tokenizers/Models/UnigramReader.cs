using System.Text.Json;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Models;

/// <summary>Reads a unigram model.</summary>
internal sealed class UnigramReader : ITokenModelReader
{
    public string Type => "Unigram";

    public TokenModelParts Read(JsonField field, bool overBytes)
    {
        field.Only("unk_id", "vocab", "byte_fallback");
        JsonField list = field["vocab"];
        double[] scores = new double[list.Count()];
        var vocabulary = new Dictionary<string, int>(scores.Length, StringComparer.Ordinal);
        int id = 0;
        foreach (JsonElement pair in list.Value.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2 || JsonField.StringOf(pair[0]) is not { } token
                || pair[1].ValueKind != JsonValueKind.Number || !pair[1].TryGetDouble(out scores[id]) || !double.IsFinite(scores[id]))
            {
                throw list.At(id).Wrong("[\"token\", score]");
            }

            vocabulary[token] = id++;
        }

        int unknown = field["unk_id"].Id();
        return unknown < scores.Length
            ? new TokenModelParts(
                new UnigramModel(vocabulary, scores, unknown, field["byte_fallback"].Flag(whenAbsent: false)), vocabulary)
            : throw field["unk_id"].Wrong("the id of a token of model.vocab");
    }
}
