namespace Workbench.Text.Corpora;

/// <summary>A text file that is one document.</summary>
internal sealed class WholeTextFile : ITextFormat
{
    public string Name => "whole text";

    // Chosen by the folder that the file lies in, never by an ending.
    public IReadOnlyList<string> Extensions { get; } = [];

    public bool MayBeCompressed => true;

    public IEnumerable<TextRecord> Read(string path, CorpusSpecification specification)
    {
        yield return new TextRecord(Path.GetFileName(path), TextStreams.ReadAll(path), TextRecord.NoLabels);
    }
}
