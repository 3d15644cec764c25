using System.Text.Json;

namespace Workbench.Text.Corpora;

/// <summary>Finds the files of a corpus that is a folder.</summary>
internal static class CorpusFolder
{
    private const string State = "state.json";
    private const string Splits = "dataset_dict.json";
    private const string DefaultSplit = "train";

    /// <summary>
    /// The data files of a data set that Hugging Face's library saved (all of one split), or every file of a known sort below the
    /// folder, in order of path, with the subfolder as label.
    /// </summary>
    /// <exception cref="WorkbenchException">There is none, or the data set's description is damaged.</exception>
    public static IReadOnlyList<CorpusFile> Files(CorpusSpecification specification)
    {
        string folder = specification.Path;
        if (File.Exists(Path.Combine(folder, Splits)))
        {
            string[] splits = Texts(Path.Combine(folder, Splits), root => root.GetProperty("splits").EnumerateArray().Select(name => name.GetString()!));
            string split = specification.Split ?? DefaultSplit;
            return splits.Contains(split) && split == Path.GetFileName(split)
                ? SavedDataSet(Path.Combine(folder, split))
                : throw new WorkbenchException($"{folder} has no split '{split}'; it has {string.Join(", ", splits)}: name one by ?split=NAME.");
        }

        if (File.Exists(Path.Combine(folder, State)))
        {
            return SavedDataSet(folder);
        }

        CorpusFile[] files =
        [
            .. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden })
                .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path).Replace('\\', '/')))
                .Where(file => specification.Split is not { } split || file.Name.Contains(split, StringComparison.Ordinal))
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => (file.Path, file.Name, Format: TextFormats.Find(file.Path)))
                .Where(file => file.Format is not null)
                .Select(file => new CorpusFile(file.Path, file.Name, file.Format is TextFileFormat ? TextFileFormat.Whole : file.Format!, Path.GetDirectoryName(file.Name))),
        ];
        return files.Length > 0
            ? files
            : throw new WorkbenchException($"Corpus folder {folder} holds no file of a known sort; expected {TextFormats.Known}.");
    }

    private static IReadOnlyList<CorpusFile> SavedDataSet(string folder)
    {
        string state = Path.Combine(folder, State);
        string[] names = Texts(state, root => root.GetProperty("_data_files").EnumerateArray().Select(file => file.GetProperty("filename").GetString()!));
        return names.FirstOrDefault(name => name != Path.GetFileName(name)) is { } outside
            ? throw new WorkbenchException($"{state} names '{outside}'; expected a file beside it.")
            : [.. names.Select(name => new CorpusFile(Path.Combine(folder, name), name, TextFormats.Find(name)
                ?? throw new WorkbenchException($"{state} names '{name}'; expected an .arrow file.")))];
    }

    private static string[] Texts(string path, Func<JsonElement, IEnumerable<string>> read)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. read(json.RootElement)];
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or IOException)
        {
            throw new WorkbenchException($"{path} is not the description of a saved data set ({malformed.Message.TrimEnd('.')}); save it again.", malformed);
        }
    }
}
