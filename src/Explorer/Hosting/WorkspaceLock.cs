namespace Workbench.Explorer.Hosting;

/// <summary>Holds a workspace for one Explorer, however its process ends.</summary>
internal sealed class WorkspaceLock : IDisposable
{
    public const string FileName = "explorer.lock";

    private readonly FileStream _file;

    private WorkspaceLock(FileStream file)
    {
        _file = file;
    }

    /// <summary>Takes the lock.</summary>
    /// <exception cref="WorkbenchException">Another Explorer has it.</exception>
    public static WorkspaceLock Take(string workspace)
    {
        try
        {
            return new WorkspaceLock(new FileStream(
                Path.Combine(workspace, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new WorkbenchException(
                $"The workspace {workspace} is open in another Explorer; close that one or choose another folder with --workspace.");
        }
    }

    public void Dispose()
    {
        _file.Dispose();
    }
}
