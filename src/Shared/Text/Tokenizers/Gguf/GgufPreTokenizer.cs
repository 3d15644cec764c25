using Workbench.Text.Tokenizers.PreTokenization;

namespace Workbench.Text.Tokenizers.Gguf;

/// <summary>The pipeline that a GGUF file means by the name in <c>tokenizer.ggml.pre</c>.</summary>
/// <param name="Steps">The pre-tokenizer.</param>
/// <param name="Composes">Whether the text is brought to normal form C first.</param>
/// <param name="WholePieceFirst">Whether a piece that is a token is taken before any merging.</param>
/// <param name="AddsBos">Whether BOS is added where the file does not say.</param>
internal sealed record GgufPreTokenizer(
    IReadOnlyList<IPreTokenizer> Steps, bool Composes = false, bool WholePieceFirst = false, bool AddsBos = false)
{
    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string WordsAndSpaces = @" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Qwen2Pattern = $@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}|{WordsAndSpaces}";
    private const string Llama3Pattern = $@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}|{WordsAndSpaces}";

    private const string AsciiSymbolsAndWords =
        @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Upper = @"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}";
    private const string Lower = @"\p{Ll}\p{Lm}\p{Lo}\p{M}";
    private const string WordsAndPaths = @" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Capitalised = $@"[^\r\n\p{{L}}\p{{N}}]?[{Upper}]*[{Lower}]+";
    private const string Shouted = $@"[^\r\n\p{{L}}\p{{N}}]?[{Upper}]+[{Lower}]*";
    private const string TekkenPattern = $@"{Capitalised}|{Shouted}|\p{{N}}|{WordsAndPaths}";
    private const string Gpt4oPattern = $@"{Capitalised}{Contractions}?|{Shouted}{Contractions}?|\p{{N}}{{1,3}}|{WordsAndPaths}";

    private static readonly SortedDictionary<string, Func<GgufPreTokenizer>> s_byName = new(StringComparer.Ordinal)
    {
        ["gpt-2"] = Gpt2,
        ["gpt2"] = Gpt2,
        ["phi-2"] = Gpt2,
        ["mpt"] = NeoX,
        ["olmo"] = NeoX,
        ["smollm"] = Digits,
        ["starcoder"] = Digits,
        ["refact"] = Digits,
        ["llama-bpe"] = Llama3,
        ["llama3"] = Llama3,
        ["llama-v3"] = Llama3,
        ["dbrx"] = Cl100k,
        ["smaug-bpe"] = Cl100k,
        ["qwen2"] = Qwen2,
        ["deepseek-r1-qwen"] = Qwen2,
        ["deepseek-coder"] = DeepSeekCoder,
        ["deepseek-v3"] = DeepSeek3,
        ["tekken"] = () => new([SplitStep.Isolate(TekkenPattern)], WholePieceFirst: true, AddsBos: true),
        ["gpt-4o"] = () => new([SplitStep.Isolate(Gpt4oPattern)]),
    };

    /// <summary>Names that are known, for messages.</summary>
    public static string Known => string.Join(", ", s_byName.Keys);

    /// <summary>The pipeline of a name, or null for an unknown one.</summary>
    public static GgufPreTokenizer? Find(string name)
    {
        return s_byName.GetValueOrDefault(name)?.Invoke();
    }

    private static GgufPreTokenizer Gpt2()
    {
        return new([SplitStep.Isolate(ByteLevelStep.Gpt2Pattern)]);
    }

    private static GgufPreTokenizer NeoX()
    {
        return new([SplitStep.Isolate(ByteLevelStep.Gpt2Pattern)], Composes: true);
    }

    private static GgufPreTokenizer Digits()
    {
        return new([DigitsReader.Step(individual: true), SplitStep.Isolate(ByteLevelStep.Gpt2Pattern)]);
    }

    private static GgufPreTokenizer Llama3()
    {
        return new([SplitStep.Isolate(Llama3Pattern)], WholePieceFirst: true, AddsBos: true);
    }

    private static GgufPreTokenizer Cl100k()
    {
        return new([SplitStep.Isolate(Llama3Pattern)]);
    }

    private static GgufPreTokenizer Qwen2()
    {
        return new([SplitStep.Isolate(Qwen2Pattern)], Composes: true);
    }

    private static GgufPreTokenizer DeepSeekCoder()
    {
        return new(
        [
            SplitStep.Isolate(@"[\r\n]"),
            SplitStep.Isolate(@"\s?\p{L}+"),
            SplitStep.Isolate(@"\s?\p{P}+"),
            SplitStep.Isolate(@"[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+"),
            DigitsReader.Step(individual: true),
        ]);
    }

    private static GgufPreTokenizer DeepSeek3()
    {
        return new(
        [
            SplitStep.Isolate(@"\p{N}{1,3}"),
            SplitStep.Isolate(@"[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+"),
            SplitStep.Isolate(AsciiSymbolsAndWords),
        ]);
    }
}
