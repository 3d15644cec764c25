using Workbench.Dictionaries;
using Workbench.SaeTrain.Recipes;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.SaeTrain.Tests.Training;

[Collection("Training")]
public sealed class EveryRecipeTests : IDisposable
{
    private static readonly string[] s_hooks = ["blocks.0.hook_resid_post", "blocks.1.hook_resid_post"];

    private readonly TemporaryFolder _folder = new();
    private readonly Saetrain _saetrain;

    public EveryRecipeTests()
    {
        _saetrain = new Saetrain(_folder.Path);
        new SyntheticHarvest { Hooks = s_hooks, Rows = 2048 }.Write(_folder.Path);
    }

    public static TheoryData<string> Names => [.. RecipeRegistry.All.Select(recipe => recipe.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_that_was_interrupted_ends_with_the_same_weights_and_its_checkpoints_can_be_loaded(string recipe)
    {
        string[] line =
        [
            "--harvest", "h1", "--recipe", recipe, "--latents", "64", "--batch", "128", "--epochs", "2", "--threads", "1", "--save-every", "5", "--dead-tokens", "512",
            .. Hooks(RecipeRegistry.Find(recipe, null).Arrangement),
        ];
        _saetrain.Succeed("train", [.. line, "--id", "whole"]);
        foreach (int step in (int[])[3, 17])
        {
            _saetrain.Interrupt("parts", step, line);
        }

        _saetrain.Succeed("resume", "--id", "parts");

        Hash("parts").ShouldBe(Hash("whole"));
        _saetrain.MetricsWithoutSpeed("parts").ShouldBe(_saetrain.MetricsWithoutSpeed("whole"));
        string[] hashes = [.. _saetrain.Checkpoints("whole").Select(step => Hash($"whole@{step}"))];
        _saetrain.Checkpoints("whole").ShouldContain(16);
        hashes.ShouldBe(_saetrain.Checkpoints("parts").Select(step => Hash($"parts@{step}")));
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    private static string[] Hooks(HookArrangement arrangement)
    {
        return arrangement switch
        {
            HookArrangement.Single => ["--hook", s_hooks[0]],
            HookArrangement.Pair => ["--hook", s_hooks[0], "--hook-out", s_hooks[1]],
            _ => [],
        };
    }

    private string Hash(string dictionary)
    {
        using ILatentModel model = DictionaryLoader.Load(DictionaryPlace.Find(new Workspace(_folder.Path), dictionary));
        return model.WeightsHash;
    }
}
