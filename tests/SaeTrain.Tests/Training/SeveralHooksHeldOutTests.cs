using System.Text.Json;
using Workbench.Numerics;
using Workbench.SaeTrain.Evaluation;
using Workbench.SaeTrain.Tests.Indexing;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Tests.Training;

[Collection("Training")]
public sealed class SeveralHooksHeldOutTests : IDisposable
{
    private readonly TinyWorkspace _tiny = TinyWorkspace.OfSeveralHooks();

    [Theory]
    [InlineData("crosscoder-batchtopk", "--hook blocks.0.hook_resid_post --hook blocks.1.mlp.hook_post --hook blocks.1.hook_resid_post", 3)]
    [InlineData("mlsae-topk", "--hook blocks.0.hook_resid_post --hook blocks.1.hook_resid_post", 2)]
    [InlineData("sparsify-skip-transcoder", "--hook blocks.1.mlp.hook_post --hook-out blocks.1.hook_resid_post", 0)]
    public void Evaluations_during_training_are_those_of_evaluate_core(string recipe, string hooks, int byHook)
    {
        var saetrain = new Saetrain(_tiny.Workspace.Root);

        saetrain.Succeed("train", [
            "--harvest", TinyWorkspace.HarvestId, "--recipe", recipe, .. hooks.Split(' '), "--latents", "48", "--k", "4", "--batch", "64", "--epochs", "2",
            "--threads", "1", "--evaluate-tokens", "70", "--id", "d1",
        ]);
        CoreResult core = new CoreRun(
            new CoreRequest { Workspace = _tiny.Workspace.Root, Dictionary = "d1", Tokens = 70, Precision = MatrixPrecision.Auto }, null, TimeProvider.System)
            .Execute(CancellationToken.None);

        JsonElement last = saetrain.Metrics("d1").Last(line => line.TryGetProperty("held_out", out _)).GetProperty("held_out");
        last.GetProperty("tokens").GetInt64().ShouldBe(core.Tokens);
        last.GetProperty("fvu").GetDouble().ShouldBe(core.Headline.Fvu, 1e-6);
        last.GetProperty("l0").GetDouble().ShouldBe(core.Headline.ActiveLatents, 1e-9);
        last.GetProperty("ce_recovered").GetDouble().ShouldBe(core.Headline.CeRecovered, 1e-6);
        (core.Headline.FvuByHook?.Count ?? 0).ShouldBe(byHook);
        foreach ((string hook, double share) in core.Headline.FvuByHook ?? new Dictionary<string, double>())
        {
            last.GetProperty("fvu_by_hook").GetProperty(hook).GetDouble().ShouldBe(share, 1e-6);
        }
    }

    [Fact]
    public void The_lines_of_the_programs_show_every_hook()
    {
        using Dictionaries.Crosscoder crosscoder = TinyDictionaries.Crosscoder([.. TinyWorkspace.Hooks.Zip([32, 48, 32])]);
        Dictionaries.DictionaryLoader.Save(crosscoder, _tiny.Workspace.DictionaryFolder("d1").Path);
        var saetrain = new Saetrain(_tiny.Workspace.Root);

        string text = saetrain.Succeed("evaluate", "--dictionary", "d1", "--tokens", "50");

        text.Split('\n').Count(line => TinyWorkspace.Hooks.Any(hook => line.EndsWith($" at {hook}", StringComparison.Ordinal))).ShouldBe(3);
        WorkbenchJson.Read<CoreResult>(Path.Combine(saetrain.Folder("d1"), "evaluations", "core.json")).Headline.FvuByHook!.Keys.ShouldBe(TinyWorkspace.Hooks);
    }

    public void Dispose()
    {
        _tiny.Dispose();
    }
}
