namespace Workbench.Text.Corpora;

/// <summary>What corpora in one file have in common: order and held-out part by a hash of the text.</summary>
internal static class FileCorpus
{
    private const double HeldOutShare = 0.05;

    public static ICorpus Create(string path, IReadOnlyList<string> labelNames, IEnumerable<(string Name, string Text, IReadOnlyDictionary<string, string> Labels)> texts)
    {
        var ordered = texts
            .Where(text => !string.IsNullOrWhiteSpace(text.Text))
            .DistinctBy(text => text.Text)
            .OrderBy(text => StableHash.Of("order", text.Text))
            .ToList();
        var documents = new List<Document>(ordered.Count);
        var heldOut = new List<bool>(ordered.Count);
        foreach ((string name, string text, IReadOnlyDictionary<string, string> labels) in ordered)
        {
            documents.Add(new Document(documents.Count, name, text, labels));
            heldOut.Add(StableHash.IsInShare("held-out", text, HeldOutShare));
        }

        return new DocumentListCorpus(path, labelNames, documents, heldOut);
    }
}
