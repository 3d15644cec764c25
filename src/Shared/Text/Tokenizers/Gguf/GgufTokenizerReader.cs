using System.Text;
using Workbench.Models.Weights;
using Workbench.Text.Tokenizers.PostProcessing;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Gguf;

/// <summary>Reads the tokenizer that the metadata of a GGUF file describes.</summary>
internal static class GgufTokenizerReader
{
    private static readonly SortedDictionary<string, IGgufTokenizerKind> s_kinds = new(
        typeof(IGgufTokenizerKind).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IGgufTokenizerKind)))
            .Select(type => (IGgufTokenizerKind)Activator.CreateInstance(type)!)
            .ToDictionary(kind => kind.Kind),
        StringComparer.Ordinal);

    public static TextTokenizer Read(GgufFile file)
    {
        var fields = new GgufTokenizerFields(file);
        string name = fields.Require<string>("model");
        if (!s_kinds.TryGetValue(name, out IGgufTokenizerKind? kind))
        {
            throw fields.Bad("model", $"one of {string.Join(", ", s_kinds.Keys)}, the kinds that are supported, but is '{name}'; use another model");
        }

        GgufTokenizerParts parts = kind.Read(fields);
        var tokens = new TokenTable(fields.Vocabulary, [.. Added(fields, file.Find<string>("general.name") ?? string.Empty)], parts.Decoder);
        int? bos = fields.TokenId("bos");
        int? end = fields.TokenId("eos");
        TokenFrame frame = TokenFrame.None with
        {
            Prefix = bos is { } first && fields.Flag("add_bos_token", parts.AddsBos) ? [first] : [],
            Suffix = end is { } last && fields.Flag("add_eos_token", whenAbsent: false) ? [last] : [],
        };
        int[] ends = [.. new[] { end, fields.TokenId("eot") }.OfType<int>()];
        var facts = new TokenizerFacts(Hash(parts, fields, frame), bos, new SortedSet<int>(ends), end, file.Find<string>("tokenizer.chat_template"));
        return new TextTokenizer(new EncodingPipeline(tokens, parts.Normalizer, parts.PreTokenizer, parts.Model, frame), tokens, facts);
    }

    /// <summary>
    /// No field tells which tokens take the white space after them. In Phi-3 the special ones do but for three, and llama.cpp, too, knows
    /// the model by its name.
    /// </summary>
    private static IEnumerable<AddedToken> Added(GgufTokenizerFields fields, string model)
    {
        bool strips = model.Contains("phi-3", StringComparison.OrdinalIgnoreCase) || model.Contains("phi3", StringComparison.OrdinalIgnoreCase);
        return Enumerable.Range(0, fields.Written.Length)
            .Where(id => fields.TypeOf(id) is GgufTokenType.Unknown or GgufTokenType.Control or GgufTokenType.UserDefined)
            .Select(id => new AddedToken(
                id,
                fields.Written[id],
                SingleWord: false,
                LeftStrip: false,
                RightStrip: strips && fields.Written[id] is not ("<unk>" or "<s>" or "<|endoftext|>"),
                Normalized: false,
                Special: fields.TypeOf(id) != GgufTokenType.UserDefined));
    }

    private static string Hash(GgufTokenizerParts parts, GgufTokenizerFields fields, TokenFrame frame)
    {
        StringBuilder content = new StringBuilder(parts.Name)
            .Append('\n').AppendJoin(' ', frame.Prefix)
            .Append('\n').AppendJoin(' ', frame.Suffix).Append('\n')
            .AppendJoin('\n', fields.Written).Append("\n\n")
            .AppendJoin(' ', fields.Types).Append("\n\n")
            .Append(parts.Content);
        return ContentHash.OfText(content.ToString());
    }
}
