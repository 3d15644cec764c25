using System.Text.Json;
using Workbench.Activations;
using Workbench.Workspaces;

namespace Workbench.Harvest.Importing;

/// <summary>
/// The run folder around rows from elsewhere: its lock, its manifest, its states. What is complete is kept; what was interrupted is
/// made anew, since a run of this sort has nothing dear to lose.
/// </summary>
/// <param name="workspace">The workspace.</param>
/// <param name="id">The harvest's id.</param>
/// <param name="verb">The verb.</param>
/// <param name="sink">Receives progress.</param>
internal sealed class VectorRun(Workspace workspace, string id, string verb, IProgressSink? sink)
{
    /// <summary>Makes the harvest, or finds it complete.</summary>
    /// <param name="config">What was asked for; a complete harvest of something else is refused.</param>
    /// <param name="inputs">Hashes of what it reads.</param>
    /// <param name="make">Writes it.</param>
    /// <exception cref="WorkbenchException">The id belongs to another harvest, or it cannot be made.</exception>
    public HarvestInfo Execute<T>(T config, IReadOnlyDictionary<string, string> inputs, Func<RunFolder, ProgressReporter, HarvestInfo> make)
    {
        workspace.EnsureWritable();
        RunFolder folder = workspace.HarvestFolder(id);
        using IDisposable held = folder.Lock();
        JsonElement wanted = WorkbenchJson.Element(config);
        if (folder.Manifest is { } stored)
        {
            bool same = stored.Verb == verb && JsonElement.DeepEquals(stored.Config, wanted) && inputs.All(input => stored.Inputs.GetValueOrDefault(input.Key) == input.Value);
            if (!same)
            {
                throw new WorkbenchException($"Harvest {id} was made from something else; repeat its own line, or take another --id.");
            }

            if (stored.State == RunState.Complete && File.Exists(folder.ResultsPath(HarvestInfo.FileName)))
            {
                return Activations.Harvest.ReadInfo(folder.Path);
            }
        }

        folder.Start(new RunManifest { Tool = "harvest", Verb = verb, Id = id, Config = wanted, Seed = 0, Inputs = inputs, Host = HostFacts.Current() });
        return folder.Guard(() =>
        {
            HarvestInfo info = make(folder, new ProgressReporter(folder, sink: sink));
            folder.Finish(RunState.Complete);
            return info;
        });
    }
}
