namespace Workbench.Text.Corpora;

/// <summary>Opens corpora by name or path.</summary>
public static class CorpusRegistry
{
    private static readonly Dictionary<string, Func<ICorpus>> s_builtIn = new(StringComparer.Ordinal)
    {
        [DotnetDocsCorpus.CorpusName] = DotnetDocsCorpus.Open,
    };

    /// <summary>What <see cref="Open"/> accepts, for help texts.</summary>
    public static string Known => $"{string.Join(", ", s_builtIn.Keys)}, a file ({TextFormats.Known}), a folder of such files or a saved data set; columns by PATH?text=COLUMN&label=COLUMN";

    /// <summary>Opens a built-in corpus by name, or a file or folder by the endings of file names.</summary>
    /// <exception cref="UsageException">It is none of them, or the columns are not named as they should.</exception>
    /// <exception cref="WorkbenchException">The corpus cannot be read, lacks a column, or holds no text.</exception>
    public static ICorpus Open(string specification)
    {
        if (s_builtIn.TryGetValue(specification, out Func<ICorpus>? open))
        {
            return open();
        }

        CorpusSpecification parsed = CorpusSpecification.Parse(specification);
        if (Directory.Exists(parsed.Path))
        {
            return new FileCorpus(specification, parsed, CorpusFolder.Files(parsed));
        }

        ITextFormat format = TextFormats.Find(parsed.Path)
            ?? throw new UsageException($"--corpus '{specification}' is not known; expected {Known}.");
        return File.Exists(parsed.Path)
            ? new FileCorpus(specification, parsed, [new CorpusFile(parsed.Path, Path.GetFileName(parsed.Path), format)])
            : throw new WorkbenchException($"Corpus file {parsed.Path} does not exist; check the path.");
    }

    /// <summary>Every record of a file in its order, empty and repeated texts too, so that they can be matched to rows made elsewhere.</summary>
    /// <exception cref="UsageException">It is no file that is read.</exception>
    /// <exception cref="WorkbenchException">The file is absent or damaged, or lacks a column.</exception>
    public static IEnumerable<Document> Records(string specification)
    {
        CorpusSpecification parsed = CorpusSpecification.Parse(specification);
        ITextFormat format = TextFormats.Find(parsed.Path)
            ?? throw new UsageException($"'{specification}' is no file of texts; expected {TextFormats.Known}.");
        return File.Exists(parsed.Path)
            ? format.Read(parsed.Path, parsed).Select((record, row) => new Document(row, record.Name, record.Text, record.Labels))
            : throw new WorkbenchException($"File {parsed.Path} does not exist; check the path.");
    }
}
