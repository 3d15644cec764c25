namespace Workbench.Text.Corpora;

/// <summary>A corpus held in memory: documents in order, with a mark on those that are held out.</summary>
internal sealed class DocumentListCorpus : ICorpus
{
    private readonly IReadOnlyList<Document> _documents;
    private readonly IReadOnlyList<bool> _heldOut;
    private readonly Lazy<string> _hash;

    public DocumentListCorpus(string name, IReadOnlyList<string> labelNames, IReadOnlyList<Document> documents, IReadOnlyList<bool> heldOut)
    {
        if (documents.Count == 0)
        {
            throw new WorkbenchException($"Corpus {name} holds no text; expected at least one document that is not empty.");
        }

        Name = name;
        LabelNames = labelNames;
        _documents = documents;
        _heldOut = heldOut;
        _hash = new Lazy<string>(() => StableHash.OfDocuments(_documents));
    }

    public string Name { get; }

    public string Hash => _hash.Value;

    public IReadOnlyList<string> LabelNames { get; }

    public IEnumerable<Document> Documents(CorpusSplit split)
    {
        return split == CorpusSplit.All
            ? _documents
            : _documents.Where((_, index) => _heldOut[index] == (split == CorpusSplit.HeldOut));
    }
}
