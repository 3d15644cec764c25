using System.Diagnostics;
using Workbench.Testing;

namespace Workbench.Harvest.Tests.Commands;

/// <summary>The built program as a process of its own.</summary>
internal sealed class HarvestProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private HarvestProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public bool IsRunning => !_process.HasExited;

    public static HarvestProcess Start(params string[] arguments)
    {
        return Start(new Dictionary<string, string>(), arguments);
    }

    public static HarvestProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = TerminalProcess.StartInfo(Path.Combine(AppContext.BaseDirectory, "harvest"), arguments);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new HarvestProcess(Process.Start(start)!);
    }

    public static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        using HarvestProcess process = Start(arguments);
        return process.Wait();
    }

    public (int ExitCode, string Output, string Error) Wait()
    {
        _process.WaitForExit();
        return (_process.ExitCode, _output.Result, _error.Result);
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    public void Kill()
    {
        _process.Kill();
    }

    /// <summary>A signal by name, for example TERM or INT.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("/bin/kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (IsRunning)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
