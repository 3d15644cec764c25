using Workbench.Dictionaries;
using Workbench.Dictionaries.Formats;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Exchange;

/// <summary>Writes a dictionary of the workspace in another layout, as that layout's own library would.</summary>
internal static class DictionaryExport
{
    /// <exception cref="WorkbenchException">The dictionary is absent, the layout cannot hold it, or the folder is taken.</exception>
    public static ExportResult Run(Workspace workspace, string id, string formatName, string folder)
    {
        IDictionaryFormat format = DictionaryLoader.Format(formatName);
        var run = new RunFolder(DictionaryPlace.Find(workspace, id));
        if (run.Manifest is { Verb: "train", State: not RunState.Complete })
        {
            throw new WorkbenchException($"Dictionary {id} is not complete; finish it with 'saetrain resume --id {id}', or take its latest checkpoint, {id}@latest.");
        }

        string target = Path.GetFullPath(folder);
        if (File.Exists(target) || (Directory.Exists(target) && Directory.GetFileSystemEntries(target).Length > 0))
        {
            throw new WorkbenchException($"{target} is not empty; give a new folder with --out.");
        }

        using ILatentModel model = DictionaryLoader.Load(run.Path);
        format.Save(model, target);
        return new ExportResult(
            id,
            format.Name,
            target,
            [.. Directory.GetFiles(target, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(target, file)).Order(StringComparer.Ordinal)],
            model.WeightsHash);
    }
}
