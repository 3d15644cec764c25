namespace Workbench.Text.Corpora;

/// <summary>Opens corpora by name or path.</summary>
public static class CorpusRegistry
{
    private static readonly Dictionary<string, Func<ICorpus>> s_builtIn = new(StringComparer.Ordinal)
    {
        [DotnetDocsCorpus.CorpusName] = DotnetDocsCorpus.Open,
    };

    private static readonly Dictionary<string, Func<string, ICorpus>> s_byExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".txt"] = TextFileCorpus.Open,
        [".jsonl"] = JsonLinesCorpus.Open,
    };

    /// <summary>What <see cref="Open"/> accepts, for help texts.</summary>
    public static string Known => $"{string.Join(", ", s_builtIn.Keys)}, or a {string.Join(" or ", s_byExtension.Keys)} file";

    /// <summary>Opens a built-in corpus by name, or a file by its extension.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    /// <exception cref="WorkbenchException">The corpus cannot be read or holds no text.</exception>
    public static ICorpus Open(string specification)
    {
        if (s_builtIn.TryGetValue(specification, out Func<ICorpus>? open))
        {
            return open();
        }

        if (!s_byExtension.TryGetValue(Path.GetExtension(specification), out Func<string, ICorpus>? openFile))
        {
            throw new UsageException($"--corpus '{specification}' is not known; expected {Known}.");
        }

        if (!File.Exists(specification))
        {
            throw new WorkbenchException($"Corpus file {specification} does not exist; check the path.");
        }

        return openFile(specification);
    }
}
