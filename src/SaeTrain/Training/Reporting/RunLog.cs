using System.Globalization;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Training.Reporting;

/// <summary>Appends dated lines to a run's <c>log.txt</c> and to a writer.</summary>
internal sealed class RunLog(RunFolder run, TimeProvider time, TextWriter? also) : IDisposable
{
    private readonly StreamWriter _file = new(new FileStream(run.LogPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };

    public void Write(string message)
    {
        _file.WriteLine($"{time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)} {message}");
        also?.WriteLine(message);
    }

    public void Dispose()
    {
        _file.Dispose();
    }
}
