using System.Globalization;
using System.Text;
using Workbench.Text.Tokenizers.Decoding;
using Workbench.Text.Tokenizers.Models;
using Workbench.Text.Tokenizers.Normalization;
using Workbench.Text.Tokenizers.PreTokenization;

namespace Workbench.Text.Tokenizers.Gguf;

/// <summary>
/// SentencePiece BPE. Two neighbours merge when their text is a token, the one of highest score first; that is byte pair encoding
/// whose merges are all the ways to cut a token into two.
/// </summary>
internal sealed class GgufSentencePiece : IGgufTokenizerKind
{
    private const char Space = '\u2581';

    public string Kind => "llama";

    public GgufTokenizerParts Read(GgufTokenizerFields fields)
    {
        float[] scores = fields.RequireForEachToken<float>("scores");
        bool prefixes = fields.Flag("add_space_prefix", whenAbsent: true);
        var pieces = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < scores.Length; id++)
        {
            if (!float.IsFinite(scores[id]))
            {
                throw fields.Bad($"scores[{id}]", $"a number, but is {scores[id]}; check the file");
            }

            if (fields.TypeOf(id) is GgufTokenType.Normal or GgufTokenType.UserDefined)
            {
                pieces[fields.Written[id]] = id;
            }
        }

        var boundaries = new MergeBoundaries();
        MergeTable merges = Merges(pieces, scores, boundaries);
        var characters = new CharacterVocabulary(Characters(fields), fallsBack: true, fields.TokenId("unknown"), fuses: true);
        return new GgufTokenizerParts(
            Normalizer(prefixes),
            boundaries.StepFor(characters),
            new CharacterPairModel(pieces, characters, merges, wholePieceFirst: false),
            Decoder(prefixes),
            AddsBos: true,
            string.Create(CultureInfo.InvariantCulture, $"{Kind} {prefixes}"),
            string.Join('\n', scores.Select(score => score.ToString("R", CultureInfo.InvariantCulture))));
    }

    /// <summary>The tokens that a character or a byte may begin as: not the control tokens, which no text can spell.</summary>
    private static Dictionary<string, int> Characters(GgufTokenizerFields fields)
    {
        var characters = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int id = 0; id < fields.Written.Length; id++)
        {
            if (fields.TypeOf(id) is GgufTokenType.Normal or GgufTokenType.UserDefined or GgufTokenType.Byte)
            {
                characters[fields.Written[id]] = id;
            }
        }

        return characters;
    }

    private static MergeTable Merges(Dictionary<string, int> pieces, float[] scores, MergeBoundaries boundaries)
    {
        var merges = new MergeTable(pieces.Count);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        float[] ordered = [.. pieces.Values.Select(id => scores[id]).Distinct().OrderDescending()];
        var ranks = new Dictionary<float, int>(ordered.Select((score, rank) => KeyValuePair.Create(score, rank)));
        foreach ((string piece, int id) in pieces)
        {
            for (int cut = 1; cut < piece.Length; cut++)
            {
                if (!char.IsLowSurrogate(piece[cut])
                    && lookup.TryGetValue(piece.AsSpan(0, cut), out int left) && lookup.TryGetValue(piece.AsSpan(cut), out int right))
                {
                    merges.Add(left, right, ranks[scores[id]], id);
                    boundaries.Add(piece[..cut], piece[cut..]);
                }
            }
        }

        return merges;
    }

    private static NormalizerSequence Normalizer(bool prefixes)
    {
        INormalizer spaces = new ReplaceNormalizer(new TextPattern(" "), Space.ToString());
        return new NormalizerSequence(prefixes ? [new PrependNormalizer(Space.ToString()), spaces] : [spaces]);
    }

    private static DecoderSequence Decoder(bool prefixes)
    {
        IDecoder[] steps = [new ReplaceDecoder(new TextPattern(Space.ToString()), " "), new ByteFallbackDecoder(), new FuseDecoder()];
        return new DecoderSequence(prefixes ? [.. steps, new StripDecoder(new Rune(' '), start: 1, stop: 0)] : steps);
    }
}
