namespace Workbench.Text.Corpora;

/// <summary>Plain text. A file alone holds documents separated by blank lines; a file among others in a folder is one document.</summary>
internal sealed class TextFileFormat : ITextFormat
{
    /// <summary>A file as one document.</summary>
    public static ITextFormat Whole { get; } = new WholeTextFile();

    public string Name => "text";

    public IReadOnlyList<string> Extensions { get; } = [".txt", ".md"];

    public bool MayBeCompressed => true;

    public IEnumerable<TextRecord> Read(string path, CorpusSpecification specification)
    {
        var lines = new List<string>();
        int number = 0;
        int first = 1;
        foreach (string line in TextStreams.Lines(path).Append(string.Empty))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                lines.Add(line);
                continue;
            }

            if (lines.Count > 0)
            {
                yield return new TextRecord($"{Path.GetFileName(path)}:{first}", string.Join('\n', lines), TextRecord.NoLabels);
            }

            lines.Clear();
            first = number + 1;
        }
    }
}
