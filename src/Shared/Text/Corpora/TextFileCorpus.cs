namespace Workbench.Text.Corpora;

/// <summary>A plain text file whose documents are separated by blank lines.</summary>
internal static class TextFileCorpus
{
    private static readonly Dictionary<string, string> s_noLabels = [];

    public static ICorpus Open(string path)
    {
        return FileCorpus.Create(path, [], Paragraphs(path));
    }

    private static IEnumerable<(string Name, string Text, IReadOnlyDictionary<string, string> Labels)> Paragraphs(string path)
    {
        var lines = new List<string>();
        int number = 0;
        int first = 1;
        foreach (string line in File.ReadLines(path).Append(string.Empty))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                lines.Add(line);
                continue;
            }

            if (lines.Count > 0)
            {
                yield return ($"{Path.GetFileName(path)}:{first}", string.Join('\n', lines), s_noLabels);
            }

            lines.Clear();
            first = number + 1;
        }
    }
}
