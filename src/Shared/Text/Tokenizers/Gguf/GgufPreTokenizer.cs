namespace Workbench.Text.Tokenizers;

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

    /// <summary>Names that are known, for messages.</summary>
    public static string Known => "gpt-2, smollm, starcoder, llama-bpe, qwen2, deepseek-llm, deepseek-v3";

    /// <summary>The pipeline of a name, or null for an unknown one.</summary>
    public static GgufPreTokenizer? Find(string name)
    {
        return name switch
        {
            "gpt-2" or "gpt2" => new([SplitStep.Isolate(ByteLevelStep.Gpt2Pattern)]),
            "smollm" or "starcoder" => new([DigitsReader.Step(individual: true), SplitStep.Isolate(ByteLevelStep.Gpt2Pattern)]),
            "llama-bpe" or "llama3" or "llama-v3" => new([SplitStep.Isolate(Llama3Pattern)], WholePieceFirst: true, AddsBos: true),
            "qwen2" or "deepseek-r1-qwen" => new([SplitStep.Isolate(Qwen2Pattern)], Composes: true),
            "deepseek-llm" => new(
            [
                SplitStep.Isolate(@"[\r\n]"),
                SplitStep.Isolate(@"\s?\p{L}+"),
                SplitStep.Isolate(@"\s?\p{P}+"),
                SplitStep.Isolate(@"[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+"),
                DigitsReader.Step(individual: true),
            ]),
            "deepseek-v3" => new(
            [
                SplitStep.Isolate(@"\p{N}{1,3}"),
                SplitStep.Isolate(@"[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+"),
                SplitStep.Isolate(AsciiSymbolsAndWords),
            ]),
            _ => null,
        };
    }
}
