using Workbench.Workspaces;

namespace Workbench.Text.Corpora;

/// <summary>
/// A corpus in files, read from the first to the last each time it is asked for, in the order of the files. Memory holds a hash of
/// each text, by which repeats are dropped, and never the texts. The held-out part follows from each text's hash alone.
/// </summary>
internal sealed class FileCorpus : ICorpus
{
    private const double HeldOutShare = 0.05;

    private readonly CorpusSpecification _specification;
    private readonly IReadOnlyList<CorpusFile> _files;
    private readonly Lazy<string> _hash;
    private readonly Lazy<IReadOnlyList<string>> _labelNames;

    public FileCorpus(string name, CorpusSpecification specification, IReadOnlyList<CorpusFile> files)
    {
        Name = name;
        _specification = specification;
        _files = files;
        _hash = new Lazy<string>(ComputeHash);
        _labelNames = new Lazy<IReadOnlyList<string>>(() => specification.LabelColumns.Count > 0 ? specification.LabelColumns : FirstLabels());
        if (!Documents(CorpusSplit.All).Any())
        {
            throw new WorkbenchException($"Corpus {name} holds no text; expected at least one document that is not empty.");
        }
    }

    public string Name { get; }

    public string Hash => _hash.Value;

    public IReadOnlyList<string> LabelNames => _labelNames.Value;

    public IEnumerable<Document> Documents(CorpusSplit split)
    {
        var seen = new HashSet<ulong>();
        long id = 0;
        foreach (TextRecord record in Records())
        {
            if (string.IsNullOrWhiteSpace(record.Text) || !seen.Add(StableHash.Of("text", record.Text)))
            {
                continue;
            }

            if (split == CorpusSplit.All || StableHash.IsInShare("held-out", record.Text, HeldOutShare) == (split == CorpusSplit.HeldOut))
            {
                yield return new Document(id, record.Name, record.Text, record.Labels);
            }

            id++;
        }
    }

    private IEnumerable<TextRecord> Records()
    {
        return _files.SelectMany(file => file.Format.Read(file.Path, _specification)
            .Select(record => file.Label is { } label && record.Labels.Count == 0 ? record with { Labels = new Dictionary<string, string> { ["folder"] = label } } : record));
    }

    private IReadOnlyList<string> FirstLabels()
    {
        return [.. Documents(CorpusSplit.All).First().Labels.Keys.Order(StringComparer.Ordinal)];
    }

    private string ComputeHash()
    {
        IEnumerable<string> files = _files.Select(file => $"{file.Name}\n{ContentHash.OfFile(file.Path)}\n");
        return ContentHash.OfText(string.Concat(files) + _specification.Columns);
    }
}
