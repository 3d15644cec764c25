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
        return new FileCorpus(specification, parsed, Files(specification, parsed));
    }

    /// <summary>Every record of a file or of a folder's files in order, empty and repeated texts too, so that they can be matched to rows made elsewhere.</summary>
    /// <exception cref="UsageException">It is no file that is read.</exception>
    /// <exception cref="WorkbenchException">A file is absent or damaged, or lacks a column.</exception>
    public static IEnumerable<Document> Records(string specification)
    {
        CorpusSpecification parsed = CorpusSpecification.Parse(specification);
        return Files(specification, parsed)
            .SelectMany(file => file.Format.Read(file.Path, parsed))
            .Select((record, row) => new Document(row, record.Name, record.Text, record.Labels));
    }

    /// <summary>The files that <see cref="Records"/> reads.</summary>
    /// <exception cref="UsageException">It is no file that is read.</exception>
    /// <exception cref="WorkbenchException">It is absent.</exception>
    public static IReadOnlyList<string> RecordFiles(string specification)
    {
        return [.. Files(specification, CorpusSpecification.Parse(specification)).Select(file => file.Path)];
    }

    private static IReadOnlyList<CorpusFile> Files(string specification, CorpusSpecification parsed)
    {
        if (Directory.Exists(parsed.Path))
        {
            return CorpusFolder.Files(parsed);
        }

        ITextFormat format = TextFormats.Find(parsed.Path)
            ?? throw new UsageException($"Corpus '{specification}' is not known; expected {Known}.");
        return File.Exists(parsed.Path)
            ? [new CorpusFile(parsed.Path, Path.GetFileName(parsed.Path), format)]
            : throw new WorkbenchException($"Corpus file {parsed.Path} does not exist; check the path.");
    }
}
