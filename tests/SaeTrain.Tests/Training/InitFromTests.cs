using System.Text.Json;
using Workbench.Commands;
using Workbench.Testing;

namespace Workbench.SaeTrain.Tests.Training;

[Collection("Training")]
public sealed class InitFromTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Saetrain _saetrain;

    public InitFromTests()
    {
        _saetrain = new Saetrain(_folder.Path);
        new SyntheticHarvest { Hooks = ["blocks.0.hook_resid_post", "blocks.1.hook_resid_post"] }.Write(_folder.Path);
    }

    [Theory]
    [InlineData("openai-topk", "openai-topk")]
    [InlineData("saelens-topk", "saelens-topk")]
    [InlineData("saelens-topk", "openai-topk")]
    [InlineData("saelens-standard", "saelens-standard")]
    [InlineData("saelens-gated", "saelens-gated")]
    [InlineData("dictionary-learning-jumprelu", "dictionary-learning-jumprelu")]
    [InlineData("saelens-jumprelu-tanh", "dictionary-learning-jumprelu")]
    public void A_training_that_starts_from_a_dictionary_reconstructs_as_well_at_its_first_step(string recipe, string next)
    {
        _saetrain.Succeed("train", [.. Line(recipe, 40), "--id", "d1"]);

        _saetrain.Succeed("train", [.. Line(next, 1), "--id", "d2", "--init-from", "d1", "--lr", "1e-9"]);
        _saetrain.Succeed("train", [.. Line(next, 1), "--id", "d3", "--lr", "1e-9"]);

        double reached = Fvu("d1", last: true);
        Fvu("d2", last: false).ShouldBe(reached, reached * 0.2);
        Fvu("d3", last: false).ShouldBeGreaterThan(reached * 1.5);
        JsonElement manifest = Golden.Json(_saetrain.Folder("d2"), "run.json");
        manifest.GetProperty("config").GetProperty("init_from").GetString().ShouldBe("d1");
        manifest.GetProperty("inputs").GetProperty("init_from").GetString()!.Length.ShouldBe(64);
    }

    [Fact]
    public void A_checkpoint_and_a_path_are_as_good_as_an_id()
    {
        _saetrain.Succeed("train", [.. Line("openai-topk", 20), "--id", "d1"]);

        _saetrain.Succeed("train", [.. Line("openai-topk", 1), "--id", "d2", "--init-from", _saetrain.Folder("d1")]);
        _saetrain.Succeed("train", [.. Line("openai-topk", 1), "--id", "d3", "--init-from", "d1@64"]);
        _saetrain.Succeed("train", [.. Line("openai-topk", 1), "--id", "d4", "--init-from", "d1"]);

        _saetrain.Weights("d2").ShouldBe(_saetrain.Weights("d4"));
        _saetrain.Weights("d3").ShouldNotBe(_saetrain.Weights("d4"));
    }

    [Theory]
    [InlineData("--latents", "128", "64")]
    [InlineData("--hook", "blocks.1.hook_resid_post", "blocks.0.hook_resid_post")]
    [InlineData("--recipe", "saelens-standard", "TopK")]
    [InlineData("--init-from", "d7", "d7")]
    public void A_dictionary_that_does_not_fit_is_refused_with_what_differs(string option, string value, string named)
    {
        _saetrain.Succeed("train", [.. Line("openai-topk", 1), "--id", "d1"]);
        List<string> line = [.. Line("openai-topk", 1), "--id", "d2", "--init-from", "d1"];
        line[line.IndexOf(option) + 1] = value;
        if (option == "--recipe")
        {
            line.RemoveRange(line.IndexOf("--k"), 2);
        }

        _saetrain.Fail(ExitCodes.Failure, "train", line).ShouldContain(named);
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    private static List<string> Line(string recipe, int epochs)
    {
        List<string> line =
        [
            "--harvest", "h1", "--hook", "blocks.0.hook_resid_post", "--recipe", recipe, "--latents", "64", "--batch", "256", "--threads", "1", "--epochs", $"{epochs}",
        ];
        if (recipe.Contains("topk", StringComparison.Ordinal))
        {
            line.AddRange(["--k", "6"]);
        }

        return line;
    }

    private double Fvu(string id, bool last)
    {
        JsonElement[] lines = _saetrain.Metrics(id);
        return lines[last ? ^1 : 0].GetProperty("fvu").GetDouble();
    }
}
