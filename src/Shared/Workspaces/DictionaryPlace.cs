using System.Globalization;

namespace Workbench.Workspaces;

/// <summary>Finds the files of a dictionary by what people call it: an id, <c>id@step</c> for one of its checkpoints, or a path.</summary>
public static class DictionaryPlace
{
    /// <summary>The folder of checkpoints in a dictionary's run folder: one folder a step.</summary>
    public const string CheckpointsFolder = "checkpoints";

    private const string Latest = "latest";

    /// <summary>The folder or file of a dictionary.</summary>
    /// <param name="workspace">The workspace that ids are looked up in.</param>
    /// <param name="name">An id, <c>id@step</c>, <c>id@latest</c> for the last checkpoint, or a path.</param>
    /// <exception cref="WorkbenchException">There is none; the sentence says what there is.</exception>
    public static string Find(Workspace workspace, string name)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(name);
        string[] parts = name.Split('@');
        string folder = Workspace.IsValidId(parts[0]) ? workspace.DictionaryFolder(parts[0]).Path : string.Empty;
        if (parts.Length == 1 && Directory.Exists(folder))
        {
            return folder;
        }

        if (parts.Length == 2 && Directory.Exists(folder))
        {
            return Checkpoint(folder, parts[0], parts[1]);
        }

        return Directory.Exists(name) || File.Exists(name)
            ? Path.GetFullPath(name)
            : throw new WorkbenchException($"There is no dictionary '{name}': expected an id below {workspace.DictionariesFolder}, id@step or a path.");
    }

    private static string Checkpoint(string folder, string id, string step)
    {
        string root = Path.Combine(folder, CheckpointsFolder);
        long[] steps = !Directory.Exists(root)
            ? []
            : [.. Directory.EnumerateDirectories(root)
                .Select(path => long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out long found) ? found : -1)
                .Where(found => found >= 0)
                .Order()];
        bool known = step == Latest ? steps.Length > 0 : steps.Any(found => found.ToString(CultureInfo.InvariantCulture) == step);
        return known
            ? Path.Combine(root, step == Latest ? steps[^1].ToString(CultureInfo.InvariantCulture) : step)
            : throw new WorkbenchException(
                $"Dictionary {id} has no checkpoint of step '{step}'; it has {(steps.Length == 0 ? "none" : string.Join(", ", steps))}.");
    }
}
