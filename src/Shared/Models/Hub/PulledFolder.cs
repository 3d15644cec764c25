using Workbench.Workspaces;

namespace Workbench.Models.Hub;

/// <summary>Gives a pulled model a name in a workspace.</summary>
public static class PulledFolder
{
    /// <summary>Makes <c>models/NAME</c> of links to the cache's files, or of copies where links are not possible.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="name">The name.</param>
    /// <param name="pulled">The model.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="UsageException">The name cannot be a folder's.</exception>
    /// <exception cref="WorkbenchException">The folder is there and holds other files, or cannot be written.</exception>
    public static string Place(Workspace workspace, string name, PulledModel pulled)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(pulled);
        if (!Workspace.IsValidId(name))
        {
            throw new UsageException($"--name is '{name}'; expected letters, digits, '.', '_' or '-'.");
        }

        string folder = Path.Combine(workspace.ModelsFolder, name);
        if (Directory.Exists(folder) && Directory.EnumerateFiles(folder).Select(Path.GetFileName).Except(pulled.Files).FirstOrDefault() is { } other)
        {
            throw new WorkbenchException($"{folder} holds '{other}', which is not of {pulled.Model}; take another --name.");
        }

        foreach (string file in pulled.Files)
        {
            string path = Path.Combine(folder, file);
            WriteFailure.Guard(path, () => HubLink.Create(path, Path.Combine(pulled.Folder, file), $"{path}.{Path.GetRandomFileName()}{AtomicFile.TemporarySuffix}"));
        }

        return folder;
    }
}
