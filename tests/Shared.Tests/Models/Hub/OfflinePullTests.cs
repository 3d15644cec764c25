using Shouldly;
using Workbench.Models.Hub;
using Workbench.Testing;
using Workbench.Testing.Hub;
using Xunit;

namespace Workbench.Shared.Tests.Models.Hub;

/// <summary>What is in the cache is found without a connection.</summary>
public sealed class OfflinePullTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HubServer _server = new("acme/tiny");

    public OfflinePullTests()
    {
        string source = new TinyModel().Write(_folder.At("source"));
        foreach (string file in new[] { "config.json", "tokenizer.json", "model.safetensors" })
        {
            _server.Add(file, File.ReadAllBytes(Path.Combine(source, file)), large: file == "model.safetensors");
        }
    }

    private string Snapshot => _folder.At("cache", "models--acme--tiny", "snapshots", HubServer.Commit);

    [Fact]
    public async Task A_branch_is_found_through_refs_and_a_commit_by_itself()
    {
        PulledModel pulled = await Pull(offline: false);
        _server.Requests.Clear();

        PulledModel branch = await Pull(offline: true);
        PulledModel commit = await Pull(offline: true, $"acme/tiny@{HubServer.Commit}");

        branch.ShouldBe(pulled with { FetchedBytes = 0, Files = branch.Files, Passed = branch.Passed });
        branch.Files.ShouldBe(pulled.Files, ignoreOrder: true);
        commit.Folder.ShouldBe(pulled.Folder);
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_in_the_cache_is_one_clear_error()
    {
        (await Should.ThrowAsync<WorkbenchException>(() => Pull(offline: true))).Message
            .ShouldBe($"acme/tiny is not in the cache at {_folder.At("cache", "models--acme--tiny")}; pull it once without --offline and HF_HUB_OFFLINE.");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_snapshot_that_lacks_a_file_or_whose_blob_is_gone_is_refused()
    {
        await Pull(offline: false);
        File.Delete(_folder.At("cache", "models--acme--tiny", "blobs", _server.Files["model.safetensors"].Sha256));

        (await Should.ThrowAsync<WorkbenchException>(() => Pull(offline: true))).Message
            .ShouldBe($"acme/tiny is in the cache at {Snapshot} without config.json, tokenizer.json or the weights; pull it once without --offline and HF_HUB_OFFLINE.");
        (await Should.ThrowAsync<WorkbenchException>(() => Pull(offline: true, file: "other.gguf"))).Message.ShouldContain("without other.gguf");
    }

    [Fact]
    public async Task Where_the_hub_cannot_be_reached_the_sentence_says_that_the_cache_has_it()
    {
        await Pull(offline: false);
        for (int i = 0; i < 3; i++)
        {
            _server.NextStatuses.Enqueue(503);
        }

        (await Should.ThrowAsync<WorkbenchException>(() => Pull(offline: false))).Message.ShouldEndWith($"What was pulled before is in {Snapshot}: --offline uses it.");
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private Task<PulledModel> Pull(bool offline, string reference = "acme/tiny", string? file = null)
    {
        var settings = new HubSettings
        {
            Endpoint = _server.Endpoint,
            CacheFolder = _folder.At("cache"),
            Offline = offline,
            Attempts = 3,
            RetryDelay = TimeSpan.FromMilliseconds(1),
        };
        return new ModelHub(settings).PullAsync(HubReference.Parse(reference), file is null ? [] : [file], null, TestContext.Current.CancellationToken);
    }
}
