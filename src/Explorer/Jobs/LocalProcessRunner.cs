using System.Diagnostics;
using System.Globalization;
using Workbench.Workspaces;

namespace Workbench.Explorer.Jobs;

/// <summary>
/// Runs jobs as processes of this machine that outlive the Explorer: in a session of their own, writing to a file and not to a
/// pipe. A job's folder holds what it printed and, once it ended, its exit code.
/// </summary>
internal sealed class LocalProcessRunner(Workspace workspace, ToolPaths tools) : IJobRunner
{
    private const string SetSid = "/usr/bin/setsid";
    private const string Shell = "/bin/sh";

    // Arguments arrive as "$@"; no text of a job is ever parsed by the shell.
    private const string Script = """
        out=$1; code=$2; shift 2
        trap : INT TERM HUP
        "$@" </dev/null >>"$out" 2>&1
        status=$?
        echo "$status" >"$code.tmp" && mv "$code.tmp" "$code"
        exit "$status"
        """;

    public JobHandle Submit(string id, JobSpec spec)
    {
        string folder = Folder(id);
        Directory.CreateDirectory(folder);
        File.Delete(ExitFile(id));
        var start = new ProcessStartInfo
        {
            FileName = File.Exists(SetSid) ? SetSid : Shell,
            WorkingDirectory = workspace.Root,
            UseShellExecute = false,
        };
        string[] wrapper = File.Exists(SetSid) ? [Shell, "-c", Script, "job"] : ["-c", Script, "job"];
        foreach (string argument in wrapper.Concat([OutputFile(id), ExitFile(id), ToolPaths.Host, tools.Find(spec.Program)]).Concat(spec.Arguments(workspace)))
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)
            ?? throw new WorkbenchException($"The process of job {id} did not start.");
        return new JobHandle(process.Id, ProcessIdentity.StartOf(process.Id) ?? string.Empty);
    }

    public JobOutcome Poll(string id, JobHandle? handle)
    {
        if (handle is not null && ProcessIdentity.StartOf(handle.ProcessId) == handle.ProcessStart)
        {
            return new JobOutcome(Running: true, null, null);
        }

        int? code = File.Exists(ExitFile(id))
            && int.TryParse(File.ReadAllText(ExitFile(id)), NumberStyles.Integer, CultureInfo.InvariantCulture, out int read) ? read : null;
        return new JobOutcome(Running: false, code, code is 0 ? null : Tail(id, 1).LastOrDefault());
    }

    public void Cancel(string id, JobHandle handle)
    {
        if (ProcessIdentity.StartOf(handle.ProcessId) == handle.ProcessStart)
        {
            ProcessIdentity.InterruptGroup(handle.ProcessId);
        }
    }

    public IReadOnlyList<string> Tail(string id, int lines)
    {
        try
        {
            using var file = new FileStream(OutputFile(id), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(file.Length, 1 << 16), SeekOrigin.End);
            using var reader = new StreamReader(file);
            return [.. reader.ReadToEnd().Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries).TakeLast(lines)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private string Folder(string id)
    {
        return Path.Combine(workspace.Root, "jobs", id);
    }

    private string OutputFile(string id)
    {
        return Path.Combine(Folder(id), "output.txt");
    }

    private string ExitFile(string id)
    {
        return Path.Combine(Folder(id), "exit-code");
    }
}
