using System.Text.Json;
using Workbench.Testing;
using Workbench.Testing.Hub;

namespace Workbench.Harvest.Tests.Commands;

/// <summary>The built program against a hub on the loopback address.</summary>
public sealed class PullCommandTests : IDisposable
{
    private const string Weights = "model.safetensors";

    private readonly TemporaryFolder _folder = new();
    private readonly HubServer _server = new("acme/tiny");

    public PullCommandTests()
    {
        string source = new TinyModel { Layers = 3, Width = 48 }.Write(_folder.At("source"));
        foreach (string file in new[] { "config.json", "tokenizer.json", Weights })
        {
            _server.Add(file, File.ReadAllBytes(Path.Combine(source, file)), large: file == Weights);
        }
    }

    private string Partial => _folder.At("home", "hub", "models--acme--tiny", "blobs", _server.Files[Weights].Sha256 + ".incomplete");

    [Fact]
    public void A_model_is_pulled_placed_in_a_workspace_and_found_again_offline()
    {
        (int exitCode, string text, string error) = Run("pull", "acme/tiny", "--workspace", _folder.At("w"));

        exitCode.ShouldBe(0, error);
        text.ShouldStartWith("acme/tiny at main (0123456789ab): 3 files, ");
        text.ShouldContain("every hash as promised");
        File.ReadAllBytes(_folder.At("w", "models", "tiny", Weights)).ShouldBe(_server.Files[Weights].Content);
        _server.Requests.Clear();

        (int found, string json, string sentence) = Run("pull", "acme/tiny", "--offline", "--json");

        found.ShouldBe(0, sentence);
        JsonDocument.Parse(json).RootElement.GetProperty("fetched_bytes").GetInt64().ShouldBe(0);
        _server.Requests.ShouldBeEmpty();
        (int absent, string nothing, string reason) = Run("pull", "acme/other", "--offline");
        (absent, nothing).ShouldBe((1, string.Empty));
        reason.ShouldContain("acme/other is not in the cache");
    }

    [Fact]
    public void A_pull_killed_while_it_fetches_goes_on_from_what_it_had()
    {
        _server.Files[Weights].Pause = TimeSpan.FromMilliseconds(20);
        long had = 0;
        for (int kill = 0; kill < 2; kill++)
        {
            using HarvestProcess process = HarvestProcess.Start(Environment, "pull", "acme/tiny");
            long before = had;
            SpinWait.SpinUntil(() => Length(Partial) > before + 40_000 || !process.IsRunning, TimeSpan.FromMinutes(1)).ShouldBeTrue();
            process.Kill();
            process.Wait().ExitCode.ShouldBe(128 + 9);
            had = Length(Partial);
        }

        (int exitCode, _, string error) = Run("pull", "acme/tiny");

        exitCode.ShouldBe(0, error);
        long[] starts = [.. _server.Transfers(Weights).Select(request => request.From)];
        starts.Length.ShouldBe(3);
        starts[0].ShouldBe(0);
        starts[1].ShouldBeGreaterThan(0);
        starts[2].ShouldBe(had);
        File.ReadAllBytes(_folder.At("home", "hub", "models--acme--tiny", "snapshots", HubServer.Commit, Weights)).ShouldBe(_server.Files[Weights].Content);
    }

    [Fact]
    public void Two_processes_at_once_fetch_a_file_once()
    {
        _server.Files[Weights].Pause = TimeSpan.FromMilliseconds(5);
        using HarvestProcess first = HarvestProcess.Start(Environment, "pull", "acme/tiny");
        using HarvestProcess second = HarvestProcess.Start(Environment, "pull", "acme/tiny");

        first.Wait().ExitCode.ShouldBe(0);
        second.Wait().ExitCode.ShouldBe(0);

        _server.Transfers(Weights).Count().ShouldBe(1);
        Run("pull", "acme/tiny", "--offline").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void A_refusal_is_one_sentence_and_exit_code_1()
    {
        _server.IsGated = true;

        (int exitCode, string output, string error) = Run("pull", "acme/tiny");

        (exitCode, output).ShouldBe((1, string.Empty));
        error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("acme/tiny is gated (401): accept its terms at");
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private Dictionary<string, string> Environment => new()
    {
        ["HF_ENDPOINT"] = _server.Endpoint.AbsoluteUri,
        ["HF_HOME"] = _folder.At("home"),
    };

    private static long Length(string path)
    {
        return File.Exists(path) ? new FileInfo(path).Length : 0;
    }

    private (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        using HarvestProcess process = HarvestProcess.Start(Environment, arguments);
        return process.Wait();
    }
}
