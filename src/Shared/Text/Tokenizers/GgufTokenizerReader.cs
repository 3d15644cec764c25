using System.Text;
using Workbench.Models.Weights;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers;

/// <summary>Reads the tokenizer that the metadata of a GGUF file describes.</summary>
internal sealed class GgufTokenizerReader(GgufFile file)
{
    private const string ModelKey = "tokenizer.ggml.model";
    private const string PreKey = "tokenizer.ggml.pre";
    private const string TokensKey = "tokenizer.ggml.tokens";
    private const string TypesKey = "tokenizer.ggml.token_type";
    private const string MergesKey = "tokenizer.ggml.merges";

    public TextTokenizer Read()
    {
        string kind = Require<string>(ModelKey);
        if (kind != "gpt2")
        {
            throw Bad(ModelKey, $"'gpt2' (byte-level BPE), the kind that is supported, but is '{kind}'; use another model");
        }

        string name = Require<string>(PreKey);
        GgufPreTokenizer pre = GgufPreTokenizer.Find(name)
            ?? throw Bad(PreKey, $"one of {GgufPreTokenizer.Known}, but is '{name}'; use a model with one of these");

        string[] written = Require<string[]>(TokensKey);
        string[] merges = Require<string[]>(MergesKey);
        var vocabulary = new Dictionary<string, int>(written.Length, StringComparer.Ordinal);
        for (int id = 0; id < written.Length; id++)
        {
            vocabulary[written[id]] = id;
        }

        int[] types = Types(written.Length);
        var tokens = new TokenTable(vocabulary, [.. Added(written, types)]);
        INormalizer? normalizer = pre.Composes ? new ComposingNormalizer() : null;
        var model = new BytePairModel(vocabulary, Merges(merges, vocabulary), pre.WholePieceFirst);
        int? bos = TokenId("bos", written.Length);
        int? end = TokenId("eos", written.Length);
        PostProcessing postProcessing = PostProcessing.None with
        {
            Prefix = bos is { } first && Flag("tokenizer.ggml.add_bos_token", pre.AddsBos) ? [first] : [],
            Suffix = end is { } last && Flag("tokenizer.ggml.add_eos_token", whenAbsent: false) ? [last] : [],
        };
        int[] ends = [.. new[] { end, TokenId("eot", written.Length) }.OfType<int>()];
        var facts = new TokenizerFacts(
            Hash(name, written, types, merges, postProcessing), bos, new SortedSet<int>(ends), end, file.Find<string>("tokenizer.chat_template"));
        return new TextTokenizer(new ByteLevelPipeline(tokens, normalizer, pre.Steps, model, postProcessing), tokens, facts);
    }

    private int[] Types(int count)
    {
        int[] types = Require<int[]>(TypesKey);
        return types.Length == count ? types : throw Bad(TypesKey, $"{count} numbers, one for each token, but has {types.Length}; check the file");
    }

    private static IEnumerable<AddedToken> Added(string[] written, int[] types)
    {
        const int Unknown = 2;
        const int Control = 3;
        const int UserDefined = 4;
        return Enumerable.Range(0, written.Length)
            .Where(id => types[id] is Unknown or Control or UserDefined)
            .Select(id => new AddedToken(id, written[id], false, false, false, Normalized: false, Special: types[id] != UserDefined));
    }

    private MergeTable Merges(string[] merges, Dictionary<string, int> vocabulary)
    {
        var table = new MergeTable(merges.Length);
        for (int rank = 0; rank < merges.Length; rank++)
        {
            if (merges[rank].Split(' ') is not [string left, string right]
                || !vocabulary.TryGetValue(left, out int leftId)
                || !vocabulary.TryGetValue(right, out int rightId)
                || !vocabulary.TryGetValue(left + right, out int merged))
            {
                throw Bad($"{MergesKey}[{rank}]", $"two tokens of the vocabulary that make a third, but is '{merges[rank]}'; check the file");
            }

            table.Add(leftId, rightId, rank, merged);
        }

        return table;
    }

    private int? TokenId(string role, int count)
    {
        string key = $"tokenizer.ggml.{role}_token_id";
        return file.FindInt32(key) switch
        {
            null => null,
            int id when id >= 0 && id < count => id,
            int id => throw Bad(key, $"an id of the vocabulary of {count} tokens, but is {id}; check the file"),
        };
    }

    private bool Flag(string key, bool whenAbsent)
    {
        return !file.Metadata.TryGetValue(key, out object? value) ? whenAbsent
            : value as bool? ?? throw Bad(key, $"true or false, but is {value}; check the file");
    }

    private T Require<T>(string key)
        where T : class
    {
        return file.Find<T>(key) ?? throw Bad(key, "present, but is absent; use a file that holds its tokenizer");
    }

    private WorkbenchException Bad(string key, string rest)
    {
        return new WorkbenchException($"{file.Path}: metadata '{key}' must be {rest}.");
    }

    private static string Hash(string pre, string[] written, int[] types, string[] merges, PostProcessing postProcessing)
    {
        StringBuilder content = new StringBuilder(pre)
            .Append('\n').AppendJoin(' ', postProcessing.Prefix)
            .Append('\n').AppendJoin(' ', postProcessing.Suffix).Append('\n')
            .AppendJoin('\n', written).Append("\n\n")
            .AppendJoin(' ', types).Append("\n\n")
            .AppendJoin('\n', merges);
        return ContentHash.OfText(content.ToString());
    }
}
