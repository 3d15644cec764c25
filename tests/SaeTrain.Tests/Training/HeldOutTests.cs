using System.Text.Json;
using Workbench.Activations;
using Workbench.SaeTrain.Evaluation;
using Workbench.SaeTrain.Tests.Indexing;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Tests.Training;

[Collection("Training")]
public sealed class HeldOutTests : IDisposable
{
    private static readonly string[] s_line =
    [
        "--harvest", TinyWorkspace.HarvestId, "--recipe", "openai-topk", "--latents", "48", "--k", "4", "--batch", "64", "--epochs", "4", "--threads", "1",
        "--evaluate-tokens", "70",
    ];

    private readonly TinyWorkspace _tiny = new();
    private readonly Saetrain _saetrain;

    public HeldOutTests()
    {
        _saetrain = new Saetrain(_tiny.Workspace.Root);
    }

    [Fact]
    public void Evaluations_during_training_are_those_of_evaluate_core_and_change_no_bit()
    {
        _saetrain.Succeed("train", [.. s_line, "--id", "with"]);
        _saetrain.Succeed("train", [.. s_line, "--id", "without", "--evaluate-every", "0"]);

        JsonElement[] held = [.. _saetrain.Metrics("with").Where(HasHeldOut)];
        CoreResult core = new CoreRun(
            new CoreRequest { Workspace = _tiny.Workspace.Root, Dictionary = "with", Tokens = 70 }, null, TimeProvider.System).Execute(CancellationToken.None);

        held.Length.ShouldBeInRange(5, 6);
        JsonElement last = held[^1].GetProperty("held_out");
        last.GetProperty("tokens").GetInt64().ShouldBe(core.Tokens);
        last.GetProperty("fvu").GetDouble().ShouldBe(core.Headline.Fvu, 1e-9);
        last.GetProperty("l0").GetDouble().ShouldBe(core.Headline.ActiveLatents, 1e-9);
        last.GetProperty("ce_recovered").GetDouble().ShouldBe(core.Headline.CeRecovered, 1e-9);
        last.GetProperty("ce_clean").GetDouble().ShouldBe(core.Headline.CeClean, 1e-9);
        held[0].GetProperty("held_out").GetProperty("fvu").GetDouble().ShouldBeGreaterThan(core.Headline.Fvu);
        _saetrain.Weights("with").ShouldBe(_saetrain.Weights("without"));
        _saetrain.Metrics("without").Any(HasHeldOut).ShouldBeFalse();
        RunProgress.TryRead(Path.Combine(_saetrain.Folder("with"), "progress.json"))!.Message!.ShouldContain("CE recovered");
    }

    [Fact]
    public void Where_the_model_is_gone_one_line_says_so_and_training_goes_on()
    {
        string manifest = Path.Combine(_tiny.HarvestPath, HarvestInfo.FileName);
        AtomicFile.WriteJson(manifest, Harvest.ReadInfo(_tiny.HarvestPath) with { ModelPath = "/nowhere", Model = "gone" });

        _saetrain.Succeed("train", [.. s_line, "--id", "d2"]);

        _saetrain.Log("d2").Split('\n').Count(line => line.Contains("No evaluation on held-out text", StringComparison.Ordinal)).ShouldBe(1);
        _saetrain.Metrics("d2").Any(HasHeldOut).ShouldBeFalse();
    }

    [Fact]
    public void A_checkpoint_is_evaluated_by_id_and_step_beside_its_files()
    {
        _saetrain.Succeed("train", [.. s_line, "--id", "d2", "--evaluate-every", "0"]);

        _saetrain.Succeed("evaluate", "--dictionary", "d2@8", "--tokens", "50", "--json").ShouldContain("\"fvu\"");

        File.Exists(Path.Combine(_saetrain.Folder("d2"), "checkpoints", "8", "evaluations", "core.json")).ShouldBeTrue();
        File.Exists(Path.Combine(_saetrain.Folder("d2"), "evaluations", "core.json")).ShouldBeFalse();
    }

    public void Dispose()
    {
        _tiny.Dispose();
    }

    private static bool HasHeldOut(JsonElement line)
    {
        return line.TryGetProperty("held_out", out _);
    }
}
