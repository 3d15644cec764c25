using System.Net;
using System.Net.Sockets;
using Workbench.Testing;

namespace Workbench.EndToEnd.Tests;

/// <summary>Starts that cannot work end with one sentence and exit code 1 or 2.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        (int code, string error) = await ExplorerProcess.RunAsync("--workspace", folder.Path, "--urls", address, "--no-demo");
        code.ShouldBe(1);
        error.Trim().ShouldStartWith($"Cannot listen at {address}");
        error.Trim().ShouldNotContain('\n');
    }

    [Fact]
    public async Task A_workspace_that_another_Explorer_holds_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var held = Explorer.Hosting.WorkspaceLock.Take(folder.Path);
        (int code, string error) = await ExplorerProcess.RunAsync("--workspace", folder.Path, "--urls", $"http://127.0.0.1:{ExplorerProcess.FreePort()}", "--no-demo");
        code.ShouldBe(1);
        error.Trim().ShouldContain("another Explorer");
        error.Trim().ShouldNotContain('\n');
    }

    [Fact]
    public async Task A_workspace_that_is_a_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        string file = folder.At("file");
        await File.WriteAllTextAsync(file, "not a folder");
        (int code, string error) = await ExplorerProcess.RunAsync("--workspace", file, "--no-demo");
        code.ShouldBe(1);
        error.Trim().ShouldContain(file);
        error.Trim().ShouldNotContain('\n');
    }

    [Fact]
    public async Task An_address_that_others_can_reach_needs_a_token()
    {
        using var folder = new TemporaryFolder();
        (int code, string error) = await ExplorerProcess.RunAsync("--workspace", folder.Path, "--urls", "http://0.0.0.0:5299", "--no-demo");
        code.ShouldBe(2);
        error.ShouldContain("--token");
    }
}
