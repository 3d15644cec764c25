using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Commands;
using Workbench.SaeTrain.Recipes;
using Workbench.SaeTrain.Training;
using Workbench.SaeTrain.Training.Settings;
using Workbench.Testing;

namespace Workbench.SaeTrain.Tests.Training;

[Collection("Training")]
public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Saetrain _saetrain;

    public ConfigurationTests()
    {
        _saetrain = new Saetrain(_folder.Path);
        new SyntheticHarvest().Write(_folder.Path);
    }

    public static TheoryData<string> RecipeNames => [.. RecipeRegistry.All.Where(recipe => recipe.Arrangement == HookArrangement.Single).Select(recipe => recipe.Name)];

    [Theory]
    [MemberData(nameof(RecipeNames))]
    public void What_print_config_shows_is_whole_and_resolves_to_itself(string recipe)
    {
        string shown = _saetrain.Succeed("train", "--harvest", "h1", "--recipe", recipe, "--latents", "64", "--batch", "256", "--print-config");

        JsonElement config = JsonDocument.Parse(shown).RootElement;
        config.EnumerateObject().Select(entry => entry.Name).ShouldBe(
            typeof(TrainingConfig).GetProperties()
                .Where(property => !property.IsDefined(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute), false))
                .Select(property => TrainingSetting.KeyOf(property.Name)));
        _saetrain.Succeed("train", "--config", Written(shown), "--print-config").ShouldBe(shown);
        Directory.Exists(_saetrain.Folder("unnamed")).ShouldBeFalse();
    }

    [Fact]
    public void A_run_by_file_has_the_weights_of_the_run_by_flags_and_flags_override_the_file()
    {
        _saetrain.Succeed("train", [.. Saetrain.Small, "--id", "flags", "--set", "auxk=9", "--beta2", "0.99"]);
        string file = Written(_saetrain.Succeed("train", [.. Saetrain.Small, "--set", "auxk=9", "--beta2", "0.99", "--print-config"]));

        _saetrain.Succeed("train", "--config", file, "--id", "file");
        JsonElement overridden = JsonDocument.Parse(_saetrain.Succeed("train", "--config", file, "--seed", "7", "--epochs", "1", "--print-config")).RootElement;

        _saetrain.Weights("file").ShouldBe(_saetrain.Weights("flags"));
        overridden.GetProperty("seed").GetInt64().ShouldBe(7);
        overridden.GetProperty("steps").GetInt64().ShouldBe(16);
        overridden.GetProperty("beta2").GetDouble().ShouldBe(0.99);
        overridden.GetProperty("options").GetProperty("auxk").GetInt32().ShouldBe(9);
    }

    [Fact]
    public void Every_setting_changes_the_configuration_under_its_key()
    {
        Dictionary<string, string> values = new()
        {
            ["lr"] = "0.125", ["warm_up_steps"] = "3", ["decay_steps"] = "4", ["beta1"] = "0.5", ["beta2"] = "0.75", ["epsilon"] = "0.25", ["clip_norm"] = "2.5",
            ["dead_tokens"] = "512", ["backend"] = "autograd", ["precision"] = "float32", ["threads"] = "1", ["data_seed"] = "5", ["log_every"] = "3",
            ["save_every"] = "8", ["evaluate_every"] = "9", ["evaluate_tokens"] = "99", ["checkpoints"] = "none", ["model"] = "m",
        };
        foreach ((string name, string value) in values)
        {
            string key = name == "lr" ? "learning_rate" : name;
            TrainingSetting setting = TrainingSetting.Find(key)!;

            JsonElement config = JsonDocument.Parse(_saetrain.Succeed("train", [.. Saetrain.Small.Where((_, i) => i < 10), setting.Flag, value, "--print-config"])).RootElement;

            config.GetProperty(key).ToString().ShouldBe(value);
        }
    }

    [Fact]
    public void A_gradient_norm_that_a_recipe_clips_can_be_left_unclipped()
    {
        string[] line = ["--harvest", "h1", "--recipe", "saelens-topk", "--latents", "64", "--batch", "256", "--print-config"];
        string unclipped = _saetrain.Succeed("train", [.. line, "--clip-norm", "none"]);

        JsonDocument.Parse(_saetrain.Succeed("train", line)).RootElement.GetProperty("clip_norm").GetDouble().ShouldBe(1);
        JsonDocument.Parse(unclipped).RootElement.GetProperty("clip_norm").ValueKind.ShouldBe(JsonValueKind.Null);
        _saetrain.Succeed("train", "--config", Written(unclipped), "--print-config").ShouldBe(unclipped);
    }

    [Theory]
    [InlineData("""{"harvest": "h1", "latnets": 64}""", "latnets")]
    [InlineData("""{"harvest": "h1", "latents": 64, "latents": 65}""", "latents")]
    [InlineData("""{"harvest": "h1", "options": {"k": 3, "k": 4}}""", "k")]
    [InlineData("""{"harvest": "h1", "options": {"kk": 3}}""", "kk")]
    [InlineData("""{"harvest": "h1", "options": {"k": "three"}}""", "k")]
    [InlineData("""{"harvest": "h1", "latents": "64"}""", "latents")]
    [InlineData("""{"harvest": "h1", "latents": 64.5}""", "latents")]
    [InlineData("""{"harvest": "h1", "latents": 0}""", "latents")]
    [InlineData("""{"harvest": "h1", "learning_rate": -1}""", "learning_rate")]
    [InlineData("""{"harvest": "h1", "seed": null}""", "seed")]
    [InlineData("""{"harvest": "h1", "hooks": "blocks.0.hook_resid_post"}""", "hooks")]
    [InlineData("""{"harvest": "h1", "backend": "quick"}""", "backend")]
    [InlineData("""{"harvest": "h1", "steps": 3}""", "steps")]
    [InlineData("""{"harvest": "h1", "peer_version": "0.1"}""", "peer_version")]
    [InlineData("""["harvest"]""", "object")]
    [InlineData("""{"harvest": """, "JSON")]
    public void A_file_with_something_unexpected_is_refused_by_its_name(string file, string named)
    {
        string withRecipe = file.Replace("\"harvest\": \"h1\"", "\"harvest\": \"h1\", \"recipe\": \"openai-topk\", \"batch\": 256", StringComparison.Ordinal);

        string error = _saetrain.Fail(ExitCodes.Usage, "train", "--config", Written(withRecipe), "--id", "d1");

        error.ShouldContain(named);
        Directory.Exists(_saetrain.Folder("d1")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--latents", "many")]
    [InlineData("--lr", "0")]
    [InlineData("--beta1", "x")]
    [InlineData("--checkpoints", "all")]
    public void A_flag_with_something_unexpected_is_refused_by_its_name(string flag, string value)
    {
        _saetrain.Fail(ExitCodes.Usage, "train", [.. Saetrain.Small.Where((_, i) => i < 4), flag, value, "--id", "d1"]).ShouldContain(flag);
    }

    public void Dispose()
    {
        _folder.Dispose();
    }

    private string Written(string json)
    {
        string path = _folder.At($"{Guid.NewGuid():n}.json");
        File.WriteAllText(path, json);
        return path;
    }
}
