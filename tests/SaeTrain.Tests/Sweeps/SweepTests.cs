using System.Diagnostics;
using System.Text.Json;
using Workbench.Commands;
using Workbench.SaeTrain.Sweeps;
using Workbench.SaeTrain.Tests.Training;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Tests.Sweeps;

[Collection("Training")]
public sealed class SweepTests : IDisposable
{
    private const string Grid = """
        {
          "base": {"harvest": "h1", "hooks": ["blocks.0.hook_resid_post"], "batch": 256, "threads": 1, "epochs": 4, "save_every": 7},
          "runs": [
            {"recipe": "openai-topk", "k": 6, "latents": 64},
            {"recipe": "saelens-batchtopk", "k": 5, "latents": 48, "epochs": 3},
            {"recipe": "saelens-topk", "options.k": 4, "latents": 32, "hook": "blocks.1.hook_resid_post"}
          ],
          "grid": {"seed": [0, 3]}
        }
        """;

    private static readonly string[] s_ids =
    [
        "s1-openai-topk-k6-latents64-seed0", "s1-openai-topk-k6-latents64-seed3",
        "s1-saelens-batchtopk-k5-latents48-epochs3-seed0", "s1-saelens-batchtopk-k5-latents48-epochs3-seed3",
        "s1-saelens-topk-k4-latents32-blocks.1.hook_resid_post-seed0", "s1-saelens-topk-k4-latents32-blocks.1.hook_resid_post-seed3",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly Saetrain _saetrain;
    private readonly string _grid;

    public SweepTests()
    {
        _saetrain = new Saetrain(_folder.Path);
        _grid = _folder.At("grid.json");
        File.WriteAllText(_grid, Grid);
        new SyntheticHarvest { Hooks = ["blocks.0.hook_resid_post", "blocks.1.hook_resid_post"] }.Write(_folder.Path);
    }

    [Fact]
    public void Each_dictionary_of_a_sweep_is_to_the_bit_what_a_training_of_its_own_makes()
    {
        JsonElement result = JsonDocument.Parse(_saetrain.Succeed("sweep", "--config", _grid, "--id", "s1", "--json")).RootElement;

        result.GetProperty("dictionaries").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()).ShouldBe(s_ids);
        foreach (string id in s_ids)
        {
            JsonElement manifest = Golden.Json(_saetrain.Folder(id), "run.json");
            manifest.GetProperty("state").GetString().ShouldBe("complete");
            string config = _folder.At(id + ".json");
            File.WriteAllText(config, manifest.GetProperty("config").GetRawText());
            _saetrain.Succeed("train", "--config", config, "--id", "alone-" + id);

            _saetrain.Weights(id).ShouldBe(_saetrain.Weights("alone-" + id), id);
            _saetrain.MetricsWithoutSpeed(id).ShouldBe(_saetrain.MetricsWithoutSpeed("alone-" + id));
            _saetrain.Checkpoints(id).ShouldBe(_saetrain.Checkpoints("alone-" + id));
        }

        string folder = Path.Combine(_folder.Path, "experiments", "s1");
        Golden.Json(folder, "run.json").GetProperty("state").GetString().ShouldBe("complete");
        RunProgress progress = RunProgress.TryRead(Path.Combine(folder, "progress.json"))!;
        progress.Done.ShouldBe(progress.Total);
        _saetrain.Succeed("sweep", "--config", _grid, "--id", "s1").ShouldContain("complete");
    }

    [Fact]
    public void A_sweep_that_is_killed_and_resumed_in_parts_ends_the_same()
    {
        _saetrain.Succeed("sweep", "--config", _grid, "--id", "s1", "--jobs", "2");
        byte[][] whole = [.. s_ids.Select(_saetrain.Weights)];
        Directory.Delete(Path.Combine(_folder.Path, "dictionaries"), recursive: true);
        Directory.Delete(Path.Combine(_folder.Path, "experiments"), recursive: true);

        foreach (string[] line in (string[][])[["sweep", "--config", _grid, "--id", "s1"], ["resume", "--id", "s1"]])
        {
            using Process process = _saetrain.Start(line[0], line[1..]);
            int finished = s_ids.Count(IsComplete);
            while (!process.HasExited && s_ids.Count(IsComplete) == finished && !s_ids.Any(id => _saetrain.Checkpoints(id).LastOrDefault() > 20 && !IsComplete(id)))
            {
                Thread.Sleep(2);
            }

            process.Kill();
            process.WaitForExit();
        }

        s_ids.Count(IsComplete).ShouldBeLessThan(s_ids.Length);
        _saetrain.Succeed("resume", "--id", "s1");

        s_ids.Select(_saetrain.Weights).ShouldBe(whole);
    }

    [Fact]
    public void One_dictionary_that_fails_does_not_take_the_others_with_it()
    {
        File.WriteAllText(_grid, Grid.Replace("\"latents\": 48", "\"latents\": 48, \"learning_rate\": 1e25", StringComparison.Ordinal));

        string error = _saetrain.Fail(ExitCodes.Failure, "sweep", "--config", _grid, "--id", "s1");

        error.ShouldContain("2 of 6");
        error.ShouldContain("diverged");
        Golden.Json(Path.Combine(_folder.Path, "experiments"), "s1/run.json").GetProperty("state").GetString().ShouldBe("failed");
        IsComplete(s_ids[0]).ShouldBeTrue();
        IsComplete(s_ids[5]).ShouldBeTrue();
    }

    [Fact]
    public void A_sweep_that_does_not_fit_into_memory_is_refused_before_anything_is_written()
    {
        using JsonDocument grid = JsonDocument.Parse(Grid);
        SweepRun Run(long free, int? jobs) => new(
            new SweepRequest(_folder.Path, "s1", grid.RootElement, _grid, jobs), TextWriter.Null, null, TimeProvider.System, () => free);

        string error = Should.Throw<WorkbenchException>(() => Run(600_000, null).Execute(CancellationToken.None)).Message;

        error.ShouldContain("4 dictionaries");
        error.ShouldContain("--jobs");
        Directory.Exists(Path.Combine(_folder.Path, "experiments", "s1")).ShouldBeFalse();
        Should.NotThrow(() => Run(600_000, 1).Execute(CancellationToken.None));
    }

    [Theory]
    [InlineData("""{"base": {"harvest": "h1"}, "grids": {"k": [1]}}""", "grids")]
    [InlineData("""{"base": {"harvest": "h1", "kk": 3}}""", "kk")]
    [InlineData("""{"base": {"harvest": "h1"}, "grid": {"k": 3}}""", "k")]
    [InlineData("""{"base": {"harvest": "h1"}, "grid": {"k": []}}""", "k")]
    [InlineData("""{"base": {"harvest": "h1"}, "grid": {"latents": [16, "many"]}}""", "latents")]
    [InlineData("""{"base": {"harvest": "h1"}, "grid": {"k": [3, 3]}}""", "k3")]
    [InlineData("""{"base": {"harvest": "h1", "recipe": "openai-topk", "batch": 256, "hooks": ["blocks.0.hook_resid_post"]}, "grid": {"threads": [1, 2]}}""", "threads")]
    public void A_grid_with_something_unexpected_is_refused_by_its_name(string grid, string named)
    {
        File.WriteAllText(_grid, grid);

        _saetrain.Fail(ExitCodes.Usage, "sweep", "--config", _grid, "--id", "s1").ShouldContain(named);
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    private bool IsComplete(string id)
    {
        return File.Exists(Path.Combine(_saetrain.Folder(id), "cfg.json"));
    }
}
