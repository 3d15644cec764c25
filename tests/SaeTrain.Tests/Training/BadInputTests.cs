using System.Runtime.InteropServices;
using Workbench.Activations;
using Workbench.Commands;
using Workbench.Dictionaries;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Tests.Training;

[Collection("Training")]
public sealed class BadInputTests : IDisposable
{
    private const string Hook = "blocks.0.hook_resid_post";

    private readonly TemporaryFolder _folder = new();
    private readonly Saetrain _saetrain;

    public BadInputTests()
    {
        _saetrain = new Saetrain(_folder.Path);
        new SyntheticHarvest().Write(_folder.Path);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void An_activation_that_is_not_finite_is_named_by_shard_row_and_hook(float value, string named)
    {
        const int Row = 4095;
        string shard = Spoil(Row, value);
        Rehash(shard);

        string error = _saetrain.Fail(ExitCodes.Failure, "train", [.. Saetrain.Small, "--id", "d1"]);

        error.ShouldContain(named);
        error.ShouldContain(shard);
        error.ShouldContain($"row {Row} of {Hook}");
        Golden.Json(_saetrain.Folder("d1"), "run.json").GetProperty("state").GetString().ShouldBe("failed");
        File.Exists(Path.Combine(_saetrain.Folder("d1"), "cfg.json")).ShouldBeFalse();
    }

    [Fact]
    public void A_shard_that_was_changed_is_refused_at_the_start_and_on_resuming()
    {
        _saetrain.Interrupt("d1", 20, Saetrain.Small);
        long kept = _saetrain.Checkpoints("d1")[^1];
        string shard = Spoil(7, 0.5f);

        foreach (string id in (string[])["d1", "d2"])
        {
            string error = _saetrain.Fail(ExitCodes.Failure, "train", [.. Saetrain.Small, "--id", id]);
            error.ShouldContain(shard);
            error.ShouldContain("it was changed");
        }

        _saetrain.Checkpoints("d1")[^1].ShouldBe(kept);
        _saetrain.Checkpoints("d2").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("fused")]
    [InlineData("autograd")]
    public void A_learning_rate_that_diverges_stops_at_the_last_good_checkpoint_and_says_so(string backend)
    {
        string[] line = [.. Saetrain.Small, "--id", "d1", "--backend", backend, "--save-every", "1", "--warm-up", "40", "--lr", "1e25"];

        string error = _saetrain.Fail(ExitCodes.Failure, "train", line);

        long last = _saetrain.Checkpoints("d1")[^1];
        error.ShouldContain("diverged");
        error.ShouldContain("--lr");
        error.ShouldContain($"d1@{last}");
        Golden.Json(_saetrain.Folder("d1"), "run.json").GetProperty("state").GetString().ShouldBe("failed");
        Golden.Json(_saetrain.Folder("d1"), "run.json").GetProperty("error").GetString().ShouldBe(error.Split('\n')[^2].Trim());
        File.Exists(Path.Combine(_saetrain.Folder("d1"), "cfg.json")).ShouldBeFalse();
        using SparseAutoencoder good = DictionaryLoader.LoadSparse(DictionaryPlace.Find(new Workspace(_folder.Path), $"d1@{last}"));
        good.EncoderWeight.isfinite().all().item<bool>().ShouldBeTrue();
        _saetrain.Fail(ExitCodes.Failure, "resume", "--id", "d1").ShouldContain("diverged");
        _saetrain.Checkpoints("d1")[^1].ShouldBe(last);
    }

    [Fact]
    public void K_above_the_number_of_latents_is_refused_in_flags_and_in_a_sweep()
    {
        string grid = _folder.At("grid.json");
        File.WriteAllText(grid, """{"base": {"harvest": "h1", "recipe": "openai-topk", "latents": 32, "batch": 256}, "grid": {"k": [4, 33]}}""");

        _saetrain.Fail(ExitCodes.Usage, "train", [.. Saetrain.Small, "--id", "d1", "--set", "auxk=65"]).ShouldContain("auxk");
        _saetrain.Fail(ExitCodes.Usage, "sweep", "--config", grid, "--id", "s1").ShouldContain("33");
        Directory.Exists(Path.Combine(_folder.Path, "dictionaries")).ShouldBeFalse();
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    /// <summary>Overwrites the first feature of a row in the first shard's bytes.</summary>
    private string Spoil(int row, float value)
    {
        string folder = new Workspace(_folder.Path).HarvestFolder("h1").Path;
        string shard = Path.Combine(folder, Harvest.ReadInfo(folder).ShardsOf(Hook)[0].File);
        using ActivationStore store = ActivationStore.Open([shard]);
        using TorchSharp.torch.Tensor rows = TorchSharp.torch.empty(1, store.Width);
        store.Read(row, rows);
        byte[] wanted = MemoryMarshal.AsBytes(rows.data<float>().ToArray().AsSpan()).ToArray();
        byte[] bytes = File.ReadAllBytes(shard);
        int place = bytes.AsSpan().IndexOf(wanted);
        place.ShouldBeGreaterThan(0);
        BitConverter.TryWriteBytes(bytes.AsSpan(place), value).ShouldBeTrue();
        File.WriteAllBytes(shard + ".new", bytes);
        File.Move(shard + ".new", shard, overwrite: true);
        return shard;
    }

    /// <summary>Makes the manifest say what the shard is now, as if the harvest itself had gone wrong.</summary>
    private void Rehash(string shard)
    {
        string folder = new Workspace(_folder.Path).HarvestFolder("h1").Path;
        HarvestInfo info = Harvest.ReadInfo(folder);
        AtomicFile.WriteJson(Path.Combine(folder, HarvestInfo.FileName), info with
        {
            Shards = [.. info.Shards.Select(known => Path.Combine(folder, known.File) == shard ? known with { Sha256 = ContentHash.OfFile(shard) } : known)],
        });
    }
}
