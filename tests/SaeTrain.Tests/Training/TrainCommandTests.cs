using System.Text.Json;
using Workbench.Commands;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Commands;
using Workbench.Testing;

namespace Workbench.SaeTrain.Tests.Training;

[Collection("Training")]
public sealed class TrainCommandTests : IDisposable
{
    private readonly string _workspace = Directory.CreateTempSubdirectory("train").FullName;

    [Theory]
    [InlineData("openai-topk")]
    [InlineData("saelens-topk")]
    public void A_trained_dictionary_reconstructs_and_is_described_by_its_result(string recipe)
    {
        new SyntheticHarvest().Write(_workspace);

        (int code, string output, string error) = Train("--recipe", recipe, "--epochs", "40", "--json");

        code.ShouldBe(ExitCodes.Success, error);
        JsonElement result = JsonDocument.Parse(output).RootElement;
        result.GetProperty("last").GetProperty("fvu").GetDouble().ShouldBeLessThan(0.2);
        result.GetProperty("config").GetProperty("recipe").GetString().ShouldBe(recipe);
        using SparseAutoencoder dictionary = DictionaryLoader.LoadSparse(Folder("d1"));
        dictionary.WeightsHash.ShouldBe(result.GetProperty("weights_hash").GetString());
        dictionary.Inputs[0].Hook.ShouldBe("blocks.0.hook_resid_post");
        File.Exists(Path.Combine(Folder("d1"), "log.txt")).ShouldBeTrue();
        string[] lines = File.ReadAllLines(Path.Combine(Folder("d1"), "metrics.jsonl"));
        lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt64()).ShouldBeInOrder();
        lines.Length.ShouldBeGreaterThan(5);
    }

    [Fact]
    public void The_same_line_again_does_nothing_and_says_so()
    {
        new SyntheticHarvest().Write(_workspace);
        Train();
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(Folder("d1"), "sae_weights.safetensors"));

        (int code, string output, _) = Train();

        code.ShouldBe(ExitCodes.Success);
        output.ShouldContain("nothing to do");
        File.GetLastWriteTimeUtc(Path.Combine(Folder("d1"), "sae_weights.safetensors")).ShouldBe(written);
    }

    [Fact]
    public void Another_configuration_under_the_same_id_is_refused_by_the_name_of_the_field()
    {
        new SyntheticHarvest().Write(_workspace);
        Train();

        (int code, _, string error) = Train("--lr", "0.5");

        code.ShouldBe(ExitCodes.Failure);
        error.ShouldContain("learning_rate");
        error.ShouldContain("0.5");
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_gives_others()
    {
        new SyntheticHarvest().Write(_workspace);

        string[] hashes = [.. new[] { ("a", "0"), ("b", "0"), ("c", "1") }.Select(run => Hash("--id", run.Item1, "--seed", run.Item2))];

        hashes[1].ShouldBe(hashes[0]);
        hashes[2].ShouldNotBe(hashes[0]);
    }

    [Fact]
    public void A_hook_that_the_harvest_lacks_is_refused_with_those_it_has()
    {
        new SyntheticHarvest().Write(_workspace);

        (int code, _, string error) = Train("--hook", "blocks.7.hook_mlp_out");

        code.ShouldBe(ExitCodes.Failure);
        error.ShouldContain("blocks.7.hook_mlp_out");
        error.ShouldContain("blocks.0.hook_resid_post");
        Directory.Exists(Folder("d1")).ShouldBeFalse();
    }

    [Fact]
    public void Several_hooks_without_a_choice_are_a_usage_error()
    {
        new SyntheticHarvest { Hooks = ["blocks.0.hook_resid_post", "blocks.1.hook_resid_post"] }.Write(_workspace);

        Train().Code.ShouldBe(ExitCodes.Usage);
        Train("--hook", "blocks.1.hook_resid_post").Code.ShouldBe(ExitCodes.Success);
    }

    [Theory]
    [InlineData("--k", "65", "65")]
    [InlineData("--batch", "100000", "4096")]
    [InlineData("--recipe", "nobody-topk", "nobody-topk")]
    [InlineData("--architecture", "nobody", "nobody")]
    [InlineData("--precision", "float16", "float16")]
    public void Options_that_do_not_fit_are_refused_by_name(string option, string value, string named)
    {
        new SyntheticHarvest().Write(_workspace);

        (int code, _, string error) = Train(option, value);

        code.ShouldBe(ExitCodes.Usage);
        error.ShouldContain(option);
        error.ShouldContain(named);
    }

    [Fact]
    public void A_harvest_that_is_not_there_is_named()
    {
        (int code, _, string error) = Train();

        code.ShouldBe(ExitCodes.Failure);
        error.ShouldContain("h1");
    }

    [Fact]
    public void A_run_that_diverges_fails_with_the_cause_and_leaves_no_dictionary()
    {
        new SyntheticHarvest().Write(_workspace);

        (int code, _, string error) = Train("--lr", "1e30");

        code.ShouldBe(ExitCodes.Failure);
        error.ShouldContain("--lr");
        File.Exists(Path.Combine(Folder("d1"), "cfg.json")).ShouldBeFalse();
        Golden.Json(Folder("d1"), "run.json").GetProperty("state").GetString().ShouldBe("failed");
    }

    public void Dispose()
    {
        Directory.Delete(_workspace, recursive: true);
    }

    private string Folder(string id)
    {
        return Path.Combine(_workspace, "dictionaries", id);
    }

    private string Hash(params string[] options)
    {
        (int code, string output, string error) = Train([.. options, "--json"]);
        code.ShouldBe(ExitCodes.Success, error);
        return JsonDocument.Parse(output).RootElement.GetProperty("weights_hash").GetString()!;
    }

    private (int Code, string Output, string Error) Train(params string[] options)
    {
        Dictionary<string, string> values = new()
        {
            ["--workspace"] = _workspace, ["--harvest"] = "h1", ["--id"] = "d1", ["--recipe"] = "openai-topk", ["--latents"] = "64", ["--k"] = "6", ["--batch"] = "256",
        };
        List<string> line = ["train"];
        List<string> flags = [];
        for (int i = 0; i < options.Length; i++)
        {
            if (options[i] == "--json")
            {
                flags.Add("--json");
            }
            else
            {
                values[options[i]] = options[++i];
            }
        }

        if (values.ContainsKey("--architecture"))
        {
            values.Remove("--recipe");
        }

        line.AddRange(values.SelectMany(option => new[] { option.Key, option.Value }));
        line.AddRange(flags);
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = CommandHost.Run(CommandHost.Program("saetrain", [new TrainCommand()]), [.. line], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
