using Shouldly;
using Workbench.Models;
using Workbench.Models.Hub;
using Workbench.Testing;
using Workbench.Testing.Hub;
using Workbench.Workspaces;
using Xunit;

namespace Workbench.Shared.Tests.Models.Hub;

/// <summary>Pulls a small model from a hub on the loopback address.</summary>
public sealed class ModelHubTests : IDisposable
{
    private static readonly HubReference s_model = HubReference.Parse("acme/tiny");

    private readonly TemporaryFolder _folder = new();
    private readonly HubServer _server = new("acme/tiny");
    private readonly byte[] _weights;

    public ModelHubTests()
    {
        string source = new TinyModel().Write(_folder.At("source"));
        _weights = File.ReadAllBytes(Path.Combine(source, "model.safetensors"));
        foreach (string file in new[] { "config.json", "tokenizer.json" })
        {
            _server.Add(file, File.ReadAllBytes(Path.Combine(source, file)));
        }

        _server.Add("model.safetensors", _weights, large: true);
        _server.Add("pytorch_model.bin", [1, 2, 3], large: true);
        _server.Add("modeling_tiny.py", [4, 5, 6]);
    }

    private string Cache => _folder.At("cache");

    [Fact]
    public async Task What_was_pulled_is_laid_out_as_the_official_client_does_and_loads()
    {
        PulledModel pulled = await Pull();

        string model = Path.Combine(Cache, "models--acme--tiny");
        string sha256 = _server.Files["model.safetensors"].Sha256;
        string git = _server.Files["config.json"].GitHash;
        File.ReadAllText(Path.Combine(model, "refs", "main")).ShouldBe(HubServer.Commit);
        pulled.Folder.ShouldBe(Path.Combine(model, "snapshots", HubServer.Commit));
        File.ReadAllBytes(Path.Combine(model, "blobs", sha256)).ShouldBe(_weights);
        new FileInfo(Path.Combine(pulled.Folder, "model.safetensors")).LinkTarget.ShouldBe($"../../blobs/{sha256}");
        new FileInfo(Path.Combine(pulled.Folder, "config.json")).LinkTarget.ShouldBe($"../../blobs/{git}");
        Directory.GetFiles(Path.Combine(model, "blobs")).Length.ShouldBe(3);
        using LoadedModel loaded = ModelLoader.Load(pulled.Folder);
        loaded.Name.ShouldBe("acme/tiny");
        loaded.Hash.ShouldBe(sha256);
    }

    [Fact]
    public async Task Pickles_and_code_are_left_on_the_hub_and_refused_where_they_are_named()
    {
        PulledModel pulled = await Pull();

        pulled.Passed.ShouldBe(["pytorch_model.bin", "modeling_tiny.py"]);
        _server.Requests.ShouldNotContain(request => request.File == "pytorch_model.bin" || request.File == "modeling_tiny.py");
        foreach (string refused in new[] { "pytorch_model.bin", "modeling_tiny.py", "../config.json", "a/model.safetensors", ".safetensors" })
        {
            (await Should.ThrowAsync<UsageException>(() => Pull(files: refused))).Message.ShouldContain($"'{refused}' is refused");
        }
    }

    [Fact]
    public async Task A_model_that_has_only_pickles_is_refused_before_anything_is_fetched()
    {
        _server.Files.Remove("model.safetensors");

        WorkbenchException refused = await Should.ThrowAsync<WorkbenchException>(() => Pull());

        refused.Message.ShouldBe("acme/tiny has no model.safetensors or model.safetensors.index.json; its weights are pickles, which are never read: find a safetensors version.");
        Directory.Exists(Cache).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_pull_fetches_no_file_again()
    {
        await Pull();
        _server.Requests.Clear();

        PulledModel again = await Pull();

        again.FetchedBytes.ShouldBe(0);
        _server.Requests.ShouldNotContain(request => request.File != null && request.Method == "GET");
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_not_to_the_store_of_large_files()
    {
        _server.Token = "hf_secret";

        await Pull(token: "hf_secret");

        _server.Transfers("config.json").ShouldHaveSingleItem().Authorization.ShouldBe("Bearer hf_secret");
        _server.Transfers("model.safetensors").ShouldHaveSingleItem().Authorization.ShouldBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("hf_wrong")]
    public async Task A_401_says_what_to_do(string? token)
    {
        _server.Token = "hf_secret";

        WorkbenchException refused = await Should.ThrowAsync<WorkbenchException>(() => Pull(token: token));

        refused.Message.ShouldContain("(401)");
        refused.Message.ShouldContain("set HF_TOKEN");
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_broken_transfer_goes_on_where_it_broke()
    {
        _server.Files["model.safetensors"].BreakAfter = 10_000;
        _server.Files["model.safetensors"].Breaks = 2;

        PulledModel pulled = await Pull();

        _server.Transfers("model.safetensors").Select(request => request.From).ShouldBe([0, 10_000, 20_000]);
        File.ReadAllBytes(Path.Combine(pulled.Folder, "model.safetensors")).ShouldBe(_weights);
    }

    [Fact]
    public async Task A_transfer_that_keeps_breaking_fails_and_the_next_pull_goes_on_from_what_it_left()
    {
        HubServerFile file = _server.Files["model.safetensors"];
        file.BreakAfter = 1000;
        WorkbenchException failed = await Should.ThrowAsync<WorkbenchException>(() => Pull());
        string partial = Path.Combine(Cache, "models--acme--tiny", "blobs", file.Sha256 + ".incomplete");
        failed.Message.ShouldContain("after 3 attempts");
        new FileInfo(partial).Length.ShouldBe(3000);
        new ModelHub(Settings(null)).Find(s_model).ShouldBeNull();
        file.BreakAfter = null;
        _server.Requests.Clear();

        PulledModel pulled = await Pull();

        _server.Transfers("model.safetensors").ShouldHaveSingleItem().From.ShouldBe(3000);
        File.ReadAllBytes(Path.Combine(pulled.Folder, "model.safetensors")).ShouldBe(_weights);
        File.Exists(partial).ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_without_ranges_sends_the_whole_again()
    {
        HubServerFile file = _server.Files["model.safetensors"];
        (file.BreakAfter, file.Breaks, file.IgnoresRanges) = (5000, 1, true);

        PulledModel pulled = await Pull();

        _server.Transfers("model.safetensors").Select(request => request.Answer).ShouldBe([200, 200]);
        File.ReadAllBytes(Path.Combine(pulled.Folder, "model.safetensors")).ShouldBe(_weights);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    public async Task A_wrong_hash_leaves_nothing(string name)
    {
        _server.Files[name].IsForged = true;

        WorkbenchException refused = await Should.ThrowAsync<WorkbenchException>(() => Pull());

        refused.Message.ShouldStartWith($"{name} came with the hash ");
        string promised = _server.Files[name].IsLarge ? _server.Files[name].Sha256 : _server.Files[name].GitHash;
        refused.Message.ShouldContain($"where the hub promised {promised}");
        Directory.GetFiles(Path.Combine(Cache, "models--acme--tiny", "blobs"), promised + "*").ShouldBeEmpty();
        new ModelHub(Settings(null)).Find(s_model).ShouldBeNull();
    }

    [Fact]
    public async Task A_partial_file_of_other_content_is_fetched_afresh()
    {
        string blobs = _folder.At("cache", "models--acme--tiny", "blobs");
        Directory.CreateDirectory(blobs);
        File.WriteAllBytes(Path.Combine(blobs, _server.Files["model.safetensors"].Sha256 + ".incomplete"), new byte[777]);

        PulledModel pulled = await Pull();

        _server.Transfers("model.safetensors").Select(request => request.From).ShouldBe([777, 0]);
        File.ReadAllBytes(Path.Combine(pulled.Folder, "model.safetensors")).ShouldBe(_weights);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_and_a_missing_model_is_not()
    {
        _server.NextStatuses.Enqueue(503);
        _server.NextStatuses.Enqueue(429);
        (await Pull()).Files.ShouldBe(["config.json", "tokenizer.json", "model.safetensors"], ignoreOrder: true);
        _server.Requests.Clear();

        WorkbenchException absent = await Should.ThrowAsync<WorkbenchException>(() => Pull(HubReference.Parse("acme/tiny@v9")));

        absent.Message.ShouldBe("acme/tiny has no revision 'v9' (404); check the branch, tag or commit after the @.");
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Shards_are_those_that_the_index_names()
    {
        _server.Files.Remove("model.safetensors");
        _server.Add("model-00001-of-00002.safetensors", _weights[..5000], large: true);
        _server.Add("model-00002-of-00002.safetensors", _weights[5000..], large: true);
        _server.Add("consolidated.safetensors", _weights, large: true);
        _server.Add("model.safetensors.index.json", """{"weight_map":{"a":"model-00002-of-00002.safetensors","b":"model-00001-of-00002.safetensors","c":"model-00001-of-00002.safetensors"}}"""u8.ToArray());

        PulledModel pulled = await Pull();

        pulled.Files.ShouldBe(
            ["config.json", "tokenizer.json", "model.safetensors.index.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]);
        pulled.Files.ShouldAllBe(name => File.ReadAllBytes(Path.Combine(pulled.Folder, name)).SequenceEqual(_server.Files[name].Content));
    }

    [Theory]
    [InlineData("../../secret.safetensors")]
    [InlineData("weights.bin")]
    public async Task An_index_that_names_another_place_or_type_is_refused(string shard)
    {
        _server.Files.Remove("model.safetensors");
        _server.Add("model.safetensors.index.json", System.Text.Encoding.UTF8.GetBytes("{\"weight_map\":{\"a\":\"" + shard + "\"}}"));

        (await Should.ThrowAsync<WorkbenchException>(() => Pull())).Message.ShouldContain($"names '{shard}' as a shard");
    }

    [Fact]
    public async Task A_workspace_gets_the_model_under_its_own_name_and_a_revision_is_found_by_commit()
    {
        PulledModel pulled = await Pull(HubReference.Parse($"acme/tiny@{HubServer.Commit}"));
        var workspace = new Workspace(_folder.At("workspace"));

        string place = PulledFolder.Place(workspace, "tiny", pulled);

        ModelFiles.Find("tiny", workspace.Root).Path.ShouldBe(place);
        ModelFiles.Find("tiny", workspace.Root).Hash.ShouldBe(_server.Files["model.safetensors"].Sha256);
        new ModelHub(Settings(null)).Find(HubReference.Parse($"acme/tiny@{HubServer.Commit}")).ShouldBe(pulled.Folder);
        new ModelHub(Settings(null)).Find(s_model).ShouldBeNull();
    }

    [Fact]
    public async Task Small_files_that_the_hub_redirects_within_itself_are_followed_with_the_token()
    {
        _server.RedirectsSmallFiles = true;
        _server.Token = "hf_secret";

        PulledModel pulled = await Pull(token: "hf_secret");

        _server.Transfers("config.json").ShouldHaveSingleItem().Authorization.ShouldBe("Bearer hf_secret");
        File.ReadAllBytes(Path.Combine(pulled.Folder, "config.json")).ShouldBe(_server.Files["config.json"].Content);
    }

    [Theory]
    [InlineData(null, "(401)", "then set HF_TOKEN to a token of an account that may read it")]
    [InlineData("hf_other", "(403)", "then use a token of an account that may read it")]
    public async Task A_gated_repository_says_where_its_terms_are(string? token, string status, string advice)
    {
        _server.IsGated = true;

        WorkbenchException refused = await Should.ThrowAsync<WorkbenchException>(() => Pull(token: token));

        refused.Message.ShouldBe($"acme/tiny is gated {status}: accept its terms at {_server.Endpoint}acme/tiny, {advice}. The hub says: Access to model is restricted.");
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_repository_that_is_not_there_may_be_private()
    {
        (await Should.ThrowAsync<WorkbenchException>(() => Pull(HubReference.Parse("acme/other")))).Message
            .ShouldBe("The hub has no acme/other (404), or it is private; check owner and name, or set HF_TOKEN to a token of an account that may read it.");
    }

    [Fact]
    public async Task Several_pulls_at_once_fetch_each_file_once()
    {
        PulledModel[] pulled = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Pull())));

        pulled.ShouldAllBe(each => each.Folder == pulled[0].Folder);
        pulled[0].Files.ShouldAllBe(name => File.ReadAllBytes(Path.Combine(pulled[0].Folder, name)).SequenceEqual(_server.Files[name].Content));
        pulled[0].Files.ShouldAllBe(name => _server.Transfers(name).Count() == 1);
        Directory.GetFiles(Path.Combine(Cache, "models--acme--tiny"), "*", SearchOption.AllDirectories)
            .ShouldAllBe(path => !path.EndsWith(".tmp", StringComparison.Ordinal) && !path.EndsWith(".incomplete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_larger_than_the_free_space_is_refused_before_anything_is_fetched()
    {
        _server.Files["model.safetensors"].ClaimedBytes = 1L << 60;

        (await Should.ThrowAsync<WorkbenchException>(() => Pull())).Message
            .ShouldMatch($"^acme/tiny needs 1,152,921,504,6[0-9,.]+ MB more in {Cache}, where [0-9,.]+ MB are free; make room, or set HF_HUB_CACHE");
        _server.Requests.ShouldNotContain(request => request.File != null && request.Method == "GET");
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private Task<PulledModel> Pull(HubReference? reference = null, string? token = null, params string[] files)
    {
        return new ModelHub(Settings(token)).PullAsync(reference ?? s_model, files, null, TestContext.Current.CancellationToken);
    }

    private HubSettings Settings(string? token)
    {
        return new HubSettings { Endpoint = _server.Endpoint, CacheFolder = Cache, Token = token, Attempts = 3, RetryDelay = TimeSpan.FromMilliseconds(1) };
    }
}
