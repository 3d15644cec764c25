using System.Text.Json;
using Workbench.SaeTrain.Training.Backends;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Training.Reporting;

/// <summary>The lines of <c>metrics.jsonl</c>, one logged step each.</summary>
internal sealed class MetricsLog : IDisposable
{
    public const string FileName = "metrics.jsonl";

    private readonly FileStream _file;

    /// <summary>Opens the log of a run that goes on at a step; lines of that step and later are dropped.</summary>
    public MetricsLog(RunFolder run, long step)
    {
        string path = run.ResultsPath(FileName);
        if (File.Exists(path))
        {
            AtomicFile.WriteText(path, string.Concat(Read(path).Where(report => report.Step < step).Select(Line)));
        }

        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete);
    }

    /// <summary>Appends one line.</summary>
    public void Write(StepReport report)
    {
        _file.Write(System.Text.Encoding.UTF8.GetBytes(Line(report)));
        _file.Flush();
    }

    /// <summary>The lines of a run; none where it has no log.</summary>
    public static IReadOnlyList<StepReport> All(RunFolder run)
    {
        string path = run.ResultsPath(FileName);
        return File.Exists(path) ? [.. Read(path)] : [];
    }

    /// <summary>The last line of a run, or null where there is none.</summary>
    public static StepReport? Last(RunFolder run)
    {
        return All(run).LastOrDefault();
    }

    public void Dispose()
    {
        _file.Dispose();
    }

    private static IEnumerable<StepReport> Read(string path)
    {
        foreach (string line in File.ReadAllLines(path))
        {
            StepReport? report = null;
            try
            {
                report = JsonSerializer.Deserialize<StepReport>(line, WorkbenchJson.Compact);
            }
            catch (JsonException)
            {
                // A killed process leaves half a line at the end; the step is done again.
            }

            if (report is not null)
            {
                yield return report;
            }
        }
    }

    private static string Line(StepReport report)
    {
        return JsonSerializer.Serialize(report, WorkbenchJson.Compact) + "\n";
    }
}
