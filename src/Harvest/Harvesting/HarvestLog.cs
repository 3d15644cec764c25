using System.Globalization;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>Appends dated lines to a run's log.txt.</summary>
internal sealed class HarvestLog(RunFolder folder, TimeProvider time)
{
    public void Write(string line)
    {
        string date = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        try
        {
            File.AppendAllText(folder.LogPath, $"{date} {line}\n");
        }
        catch (IOException failure)
        {
            throw new WorkbenchException($"Cannot write {folder.LogPath}: {failure.Message}", failure);
        }
    }
}
