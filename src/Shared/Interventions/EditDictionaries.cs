using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.Interventions;

/// <summary>The dictionaries that edits name: ids in a workspace, or paths. Each is loaded once and released with this object.</summary>
/// <param name="workspaceRoot">The workspace, or null to know paths only.</param>
/// <param name="device">Where dictionaries are loaded; the CPU when null.</param>
public sealed class EditDictionaries(string? workspaceRoot, Device? device = null) : IDisposable
{
    private readonly Dictionary<string, ILatentModel> _loaded = new(StringComparer.Ordinal);

    /// <summary>What <see cref="EditPlan.ToHooks"/> asks for.</summary>
    public EditResources Resources => new(Find, Maximum);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ILatentModel dictionary in _loaded.Values)
        {
            dictionary.Dispose();
        }

        _loaded.Clear();
    }

    private ILatentModel Find(string name)
    {
        if (!_loaded.TryGetValue(name, out ILatentModel? dictionary))
        {
            _loaded[name] = dictionary = DictionaryLoader.Load(Folder(name), device);
        }

        return dictionary;
    }

    /// <summary>From the newest complete index of the dictionary.</summary>
    private double Maximum(string name, int latent)
    {
        string indexes = Path.Combine(Folder(name), "indexes");
        string newest = (Directory.Exists(indexes) ? Directory.GetDirectories(indexes) : [])
            .Where(FeatureIndex.Exists)
            .OrderByDescending(Directory.GetLastWriteTimeUtc)
            .FirstOrDefault()
            ?? throw new WorkbenchException(
                $"Dictionary '{name}' has no index in {indexes}, which knows its latents' maxima; run 'saetrain index', or give the strength in unit raw or norm.");
        using FeatureIndex index = FeatureIndex.Open(newest);
        float maximum = latent < index.Latents ? index.Max[latent] : 0;
        return maximum > 0
            ? maximum
            : throw new WorkbenchException($"Latent {latent} of '{name}' never fires in index {newest}, so it has no maximum; give the strength in unit raw or norm.");
    }

    private string Folder(string name)
    {
        return workspaceRoot is not null && Workspace.IsValidId(name) && new Workspace(workspaceRoot).DictionaryFolder(name).Path is var folder && Directory.Exists(folder)
            ? folder
            : Path.GetFullPath(name);
    }
}
