using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Workbench.Testing;

namespace Workbench.EndToEnd.Tests;

/// <summary>The built Explorer, started as a person starts it, on a free port.</summary>
internal sealed class ExplorerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _printed = new();

    private ExplorerProcess(Process process, string address)
    {
        _process = process;
        Address = address;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Address { get; }

    public string Printed
    {
        get
        {
            lock (_printed)
            {
                return _printed.ToString();
            }
        }
    }

    public static async Task<ExplorerProcess> StartAsync(string workspace)
    {
        string address = $"http://127.0.0.1:{FreePort()}";
        var explorer = new ExplorerProcess(Launch("--workspace", workspace, "--urls", address, "--no-demo"), address);
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri(address));
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return explorer;
                }
            }
            catch (Exception waiting) when (waiting is HttpRequestException or TaskCanceledException)
            {
                if (explorer._process.HasExited || patience.Elapsed > TimeSpan.FromMinutes(2))
                {
                    throw new InvalidOperationException($"The Explorer did not answer at {address}: {explorer.Printed}");
                }
            }

            await Task.Delay(200);
        }
    }

    /// <summary>Runs the Explorer until it ends by itself.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        using Process process = Launch(arguments);
        process.BeginOutputReadLine();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }

    /// <summary>Stops it as Ctrl-C does.</summary>
    public async Task<int> StopAsync()
    {
        using Process kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Launch(params string[] arguments)
    {
        string output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string assembly = Path.GetFullPath(Path.Combine(output, "../..", "Explorer", Path.GetFileName(output), "explorer.dll"));
        ProcessStartInfo start = TerminalProcess.StartInfo(Explorer.Jobs.ToolPaths.Host, ["exec", assembly, .. arguments]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        return Process.Start(start) ?? throw new InvalidOperationException("The Explorer did not start.");
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_printed)
        {
            _printed.AppendLine(line.Data);
        }
    }
}
