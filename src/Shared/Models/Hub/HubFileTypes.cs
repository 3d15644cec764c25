namespace Workbench.Models.Hub;

/// <summary>The files that are fetched: those that the loaders read. Anything else, code and pickles above all, is refused.</summary>
internal static class HubFileTypes
{
    private const string Single = "model.safetensors";
    private const string Config = "config.json";

    public const string Index = "model.safetensors.index.json";

    private static readonly string[] s_companions =
    [
        Config, "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja",
    ];

    /// <summary>What a model needs of a repository's files, the shards that an index names excepted.</summary>
    /// <exception cref="WorkbenchException">The repository lacks a config, a tokenizer or weights as safetensors.</exception>
    public static IReadOnlyList<string> Select(HubReference reference, IReadOnlyList<string> files)
    {
        string? weights = files.Contains(Single) ? Single : files.Contains(Index) ? Index : null;
        string? absent = !files.Contains(Config) ? Config : !files.Contains("tokenizer.json") ? "tokenizer.json" : weights is null ? $"{Single} or {Index}" : null;
        if (absent is null)
        {
            return [.. s_companions.Where(files.Contains), weights!];
        }

        string[] gguf = [.. files.Where(file => file.EndsWith(".gguf", StringComparison.Ordinal))];
        string advice = gguf.Length > 0
            ? $"it has {string.Join(", ", gguf.Take(4))}: take one with --file"
            : files.Any(IsPickle) ? "its weights are pickles, which are never read: find a safetensors version" : "choose another model";
        throw new WorkbenchException($"{reference} has no {absent}; {advice}.");
    }

    /// <exception cref="UsageException">Files of that type are not read, or the name leads out of the folder.</exception>
    public static void Check(string file)
    {
        bool isPlain = file == Path.GetFileName(file) && file.Length > 0 && file[0] != '.';
        string extension = Path.GetExtension(file);
        if (!isPlain || !(extension is ".safetensors" or ".gguf" || file == Index || s_companions.Contains(file)))
        {
            throw new UsageException(
                $"'{file}' is refused: only {string.Join(", ", s_companions)}, {Index}, *.safetensors and *.gguf of a repository's top folder are fetched.");
        }
    }

    private static bool IsPickle(string file)
    {
        return Path.GetExtension(file) is ".bin" or ".pt" or ".pth" or ".ckpt" or ".pkl";
    }
}
