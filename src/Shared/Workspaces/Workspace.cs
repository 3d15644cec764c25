using System.Text.RegularExpressions;

namespace Workbench.Workspaces;

/// <summary>The folder that everything of a project lives in: models, harvests, dictionaries and experiments.</summary>
public sealed partial class Workspace
{
    /// <summary>Names a workspace, which need not exist yet.</summary>
    /// <param name="root">Its folder.</param>
    public Workspace(string root)
    {
        Root = Path.GetFullPath(root);
    }

    /// <summary>The workspace's full path.</summary>
    public string Root { get; }

    /// <summary>The folder of models: one folder or GGUF file each.</summary>
    public string ModelsFolder => Path.Combine(Root, "models");

    /// <summary>The folder of harvests.</summary>
    public string HarvestsFolder => Path.Combine(Root, "harvests");

    /// <summary>The folder of dictionaries.</summary>
    public string DictionariesFolder => Path.Combine(Root, "dictionaries");

    /// <summary>The folder of steering and unlearning experiments.</summary>
    public string ExperimentsFolder => Path.Combine(Root, "experiments");

    /// <summary>Whether a text can be an id: letters, digits, dot, underscore and hyphen, at most 100, no leading dot.</summary>
    /// <param name="id">The text.</param>
    public static bool IsValidId(string? id)
    {
        return id is not null && ValidId().IsMatch(id);
    }

    /// <summary>The run folder of a harvest.</summary>
    /// <param name="id">The harvest's id.</param>
    /// <exception cref="UsageException">The id cannot name a folder.</exception>
    public RunFolder HarvestFolder(string id)
    {
        return Run(HarvestsFolder, id);
    }

    /// <summary>The run folder of a dictionary.</summary>
    /// <param name="id">The dictionary's id.</param>
    /// <exception cref="UsageException">The id cannot name a folder.</exception>
    public RunFolder DictionaryFolder(string id)
    {
        return Run(DictionariesFolder, id);
    }

    /// <summary>The run folder of an experiment.</summary>
    /// <param name="id">The experiment's id.</param>
    /// <exception cref="UsageException">The id cannot name a folder.</exception>
    public RunFolder ExperimentFolder(string id)
    {
        return Run(ExperimentsFolder, id);
    }

    /// <summary>The harvests that have been started, by id.</summary>
    public IReadOnlyList<RunFolder> Harvests()
    {
        return Runs(HarvestsFolder);
    }

    /// <summary>The dictionaries that have been started, by id.</summary>
    public IReadOnlyList<RunFolder> Dictionaries()
    {
        return Runs(DictionariesFolder);
    }

    /// <summary>Creates the workspace's folder and proves that files can be written there.</summary>
    /// <exception cref="WorkbenchException">They cannot; the sentence names the folder.</exception>
    public void EnsureWritable()
    {
        string probe = Path.Combine(Root, $".writable-{Environment.ProcessId}{AtomicFile.TemporarySuffix}");
        try
        {
            Directory.CreateDirectory(Root);
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw WriteFailure.IsDiskFull(failure)
                ? WriteFailure.Explain(probe, failure)
                : new WorkbenchException(
                    $"The workspace {Root} cannot be written ({failure.Message.TrimEnd('.')}); choose another folder with --workspace or change its permissions.");
        }
    }

    private static RunFolder Run(string parent, string id)
    {
        return IsValidId(id)
            ? new RunFolder(Path.Combine(parent, id))
            : throw new UsageException(
                $"'{id}' cannot be an id: expected up to 100 letters, digits, '.', '_' or '-', not starting with '.' or '-'.");
    }

    private static IReadOnlyList<RunFolder> Runs(string parent)
    {
        return !Directory.Exists(parent)
            ? []
            : [.. Directory.EnumerateDirectories(parent)
                .Select(path => new RunFolder(path))
                .Where(run => IsValidId(run.Id) && File.Exists(run.ManifestPath))
                .OrderBy(run => run.Id, StringComparer.Ordinal)];
    }

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ValidId();
}
