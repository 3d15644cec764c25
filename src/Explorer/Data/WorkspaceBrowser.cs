using System.Collections.Concurrent;
using System.Text.Json;
using Workbench.Activations;
using Workbench.Features;
using Workbench.Workspaces;

namespace Workbench.Explorer.Data;

/// <summary>What the workspace holds, read from its run folders; opened indexes are kept.</summary>
internal sealed class WorkspaceBrowser(Workspace workspace) : IDisposable
{
    public const string CorporaFolder = "corpora";

    private readonly ConcurrentDictionary<string, FeatureSpace> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<FeatureSpace> _replaced = [];
    private readonly Lock _opening = new();

    /// <summary>The workspace's folder name, its title for people.</summary>
    public string Name => Path.GetFileName(workspace.Root);

    /// <summary>Dictionaries that have a complete index.</summary>
    public IReadOnlyList<string> Indexed()
    {
        return [.. workspace.Dictionaries().Where(run => Indexes(run).Any()).Select(run => run.Id)];
    }

    /// <summary>All dictionaries, begun ones included.</summary>
    public IReadOnlyList<DictionarySummary> Dictionaries()
    {
        return [.. workspace.Dictionaries().Select(run => Attempt(run, Summary))];
    }

    /// <summary>All harvests, begun ones included.</summary>
    public IReadOnlyList<HarvestSummary> Harvests()
    {
        return [.. workspace.Harvests().Select(run => Attempt(run, HarvestSummary.Of))];
    }

    /// <summary>Names of models that a harvest can run: the embedded one and those of the workspace.</summary>
    public IReadOnlyList<string> Models()
    {
        IEnumerable<string> own = Directory.Exists(workspace.ModelsFolder)
            ? Directory.EnumerateFileSystemEntries(workspace.ModelsFolder).Select(path => Path.GetFileName(path)!).Where(name => !name.StartsWith('.'))
            : [];
        return [Jobs.DemoPlan.Model, .. own.Order(StringComparer.Ordinal)];
    }

    /// <summary>Texts that a harvest can read: the built-in corpus, then files of the workspace's corpora folder.</summary>
    public IReadOnlyList<string> Corpora()
    {
        string folder = Path.Combine(workspace.Root, CorporaFolder);
        IEnumerable<string> own = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Where(path => Path.GetExtension(path) is ".txt" or ".jsonl").Select(path => Path.GetFileName(path)!)
            : [];
        return [Jobs.DemoPlan.Corpus, .. own.Order(StringComparer.Ordinal)];
    }

    /// <summary>The features of a dictionary over one harvest; the first index where none is named.</summary>
    /// <exception cref="WorkbenchException">There is no such dictionary, or it has no complete index.</exception>
    public FeatureSpace Open(string dictionary, string? harvest = null)
    {
        RunFolder run = workspace.DictionaryFolder(dictionary);
        string folder = Indexes(run).FirstOrDefault(path => harvest is null || Path.GetFileName(path) == harvest)
            ?? throw new WorkbenchException(
                $"Dictionary {dictionary} has no complete index{(harvest is null ? "" : $" over {harvest}")}; run 'saetrain index --dictionary {dictionary}'.");
        lock (_opening)
        {
            if (_open.TryGetValue(folder, out FeatureSpace? known))
            {
                if (known.IsCurrent)
                {
                    return known;
                }

                _replaced.Add(known);
            }

            return _open[folder] = FeatureSpace.Open(workspace, run, folder);
        }
    }

    /// <summary>A file or folder below the workspace; what leads out of it is refused.</summary>
    public string Inside(string relative)
    {
        string full = Path.GetFullPath(relative, workspace.Root);
        return full.StartsWith(workspace.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw new UsageException($"'{relative}' leads out of the workspace; name something inside it.");
    }

    public void Dispose()
    {
        foreach (FeatureSpace space in _open.Values.Concat(_replaced))
        {
            space.Dispose();
        }
    }

    private static IEnumerable<string> Indexes(RunFolder run)
    {
        string parent = run.ResultsPath("indexes");
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent).Where(FeatureIndex.Exists).Order(StringComparer.Ordinal)
            : [];
    }

    private static DictionarySummary Summary(RunFolder run)
    {
        return DictionarySummary.Of(run, [.. Indexes(run).Select(path => Path.GetFileName(path)!)]);
    }

    /// <summary>A damaged run is shown as failed with its sentence, and hides nothing else.</summary>
    private static T Attempt<T>(RunFolder run, Func<RunFolder, T> read)
        where T : IRunSummary<T>
    {
        try
        {
            return read(run);
        }
        catch (Exception damaged) when (damaged is WorkbenchException or JsonException or IOException)
        {
            return T.Damaged(run.Id, damaged.Message);
        }
    }
}
