using System.Text.Json.Nodes;
using Workbench.Models;
using Workbench.Testing;

namespace Workbench.Shared.Tests.Models.Rope;

public sealed class RopeFieldsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void Yarn_is_read_from_both_forms_with_the_references_defaults()
    {
        var expected = new YarnRopeScaling(4, 64) { Attention = YarnRopeScaling.DefaultAttentionFactor(4) };
        JsonObject scaling = Parse("""{"factor":4.0,"original_max_position_embeddings":64,"type":"yarn"}""");
        Read("qwen2", 64, config => config["rope_scaling"] = scaling).Rope.ShouldBe(new RopeSettings(10000, expected));
        JsonObject parameters = Parse("""{"factor":4.0,"original_max_position_embeddings":64,"rope_type":"yarn","rope_theta":5000.0}""");
        Read("qwen3", 64, config => config["rope_parameters"] = parameters).Rope.ShouldBe(new RopeSettings(5000, expected));
    }

    [Fact]
    public void Yarns_own_fields_are_read()
    {
        ModelConfig config = Read("llama", 64, json => json["rope_parameters"] = Parse(
            """{"rope_type":"yarn","factor":8,"beta_fast":16,"beta_slow":2,"truncate":false,"mscale":0.8,"mscale_all_dim":0.5,"original_max_position_embeddings":32}"""));
        config.Rope!.Scaling.ShouldBe(new YarnRopeScaling(8, 32)
        {
            Attention = YarnRopeScaling.DefaultAttentionFactor(8, 0.8) / YarnRopeScaling.DefaultAttentionFactor(8, 0.5),
            FastTurns = 16,
            SlowTurns = 2,
            RoundsRamp = false,
        });
        Read("llama", 64, json => json["rope_parameters"] = Parse("""{"rope_type":"yarn","factor":8,"attention_factor":1.5}"""))
            .Rope!.Scaling.ShouldBe(new YarnRopeScaling(8, 64) { Attention = 1.5 });
    }

    [Fact]
    public void A_stretched_context_reaches_as_far_as_the_factor_says()
    {
        Read("qwen2", 64, json => json["rope_scaling"] = Parse("""{"factor":4.0,"original_max_position_embeddings":64,"type":"yarn"}"""))
            .ContextLength.ShouldBe(256);
        Read("qwen2", 64, json => json["rope_scaling"] = Parse("""{"factor":4.0,"type":"yarn"}""")).ContextLength.ShouldBe(64);
    }

    [Theory]
    [InlineData("longrope")]
    [InlineData("su")]
    [InlineData("yarn")]
    public void Longrope_of_phi3_goes_by_the_ratio_of_its_contexts(string name)
    {
        ModelConfig config = Read("phi3", 131072, json =>
        {
            json["original_max_position_embeddings"] = 4096;
            json["rope_scaling"] = Parse("""{"short_factor":[1,1.5],"long_factor":[2,3.5]}""");
            json["rope_scaling"]!["type"] = name;
        });
        config.Rope!.Scaling.ShouldBe(new LongRopeScaling([1, 1.5], [2, 3.5], 4096, Math.Sqrt(1 + (Math.Log(32) / Math.Log(4096)))));
        config.ContextLength.ShouldBe(131072);
    }

    [Fact]
    public void A_share_of_the_head_has_as_many_divisors_as_it_has_frequencies()
    {
        ModelConfig config = Read("phi3", 64, json =>
        {
            json["original_max_position_embeddings"] = 16;
            json["rope_parameters"] = Parse("""{"rope_type":"longrope","partial_rotary_factor":0.5,"short_factor":[1],"long_factor":[2],"factor":2,"attention_factor":1.1}""");
        });
        config.Rope.ShouldBe(new RopeSettings(10000, new LongRopeScaling([1], [2], 16, 1.1), 0.5));
        Should.Throw<WorkbenchException>(() => Read("phi3", 64, json => json["rope_scaling"] =
            Parse("""{"rope_type":"longrope","short_factor":[1,2,3],"long_factor":[2,1]}"""))).Message.ShouldContain("rope_scaling: 'short_factor' should be a list of 2");
    }

    [Fact]
    public void Dynamic_scaling_changes_nothing_within_the_context()
    {
        Read("llama", 64, json => json["rope_scaling"] = Parse("""{"rope_type":"dynamic","factor":2.0}""")).Rope.ShouldBe(new RopeSettings(10000));
    }

    [Theory]
    [InlineData("""{"rope_type":"ntk-by-parts","factor":2}""", "rope_type")]
    [InlineData("""{"type":"mrope","factor":2}""", "type")]
    [InlineData("""{"rope_type":"linear"}""", "factor")]
    [InlineData("""{"rope_type":"yarn","factor":-1}""", "factor")]
    [InlineData("""{"rope_type":"longrope","short_factor":[1,2]}""", "long_factor")]
    [InlineData("""{"rope_type":"longrope","short_factor":[1,0],"long_factor":[1,1]}""", "short_factor")]
    [InlineData("""{"rope_type":"llama3","factor":8,"low_freq_factor":4,"high_freq_factor":4}""", "high_freq_factor")]
    [InlineData("""{"rope_type":"linear","factor":2,"sections":[1,2]}""", "sections")]
    public void Settings_that_are_unknown_or_wrong_are_named(string scaling, string field)
    {
        foreach (string form in (string[])["rope_scaling", "rope_parameters"])
        {
            Should.Throw<WorkbenchException>(() => Read("llama", 64, json => json[form] = Parse(scaling))).Message.ShouldContain($"{form}: '{field}'");
        }
    }

    [Fact]
    public void Settings_of_the_newer_form_count_where_a_file_holds_both()
    {
        ModelConfig config = Read("llama", 64, json =>
        {
            json["rope_theta"] = 300.0;
            json["rope_scaling"] = Parse("""{"rope_type":"linear","factor":2.0}""");
            json["rope_parameters"] = Parse("""{"rope_type":"linear","factor":3.0,"rope_theta":700.0}""");
        });
        config.Rope.ShouldBe(new RopeSettings(700, new LinearRopeScaling(3)));
    }

    [Fact]
    public void Gemma_3_reads_settings_by_kind_of_layer()
    {
        ModelConfig config = Read("gemma3_text", 64, json =>
        {
            json["head_dim"] = 4;
            json["rope_parameters"] = Parse(
                """{"full_attention":{"rope_type":"yarn","factor":8,"rope_theta":1e6,"original_max_position_embeddings":32},"sliding_attention":{"rope_type":"default","rope_theta":2000}}""");
        });
        config.Rope.ShouldBe(new RopeSettings(1e6, new YarnRopeScaling(8, 32) { Attention = YarnRopeScaling.DefaultAttentionFactor(8) }));
        config.LocalRope.ShouldBe(new RopeSettings(2000));
    }

    private static JsonObject Parse(string json)
    {
        return JsonNode.Parse(json)!.AsObject();
    }

    private ModelConfig Read(string family, int context, Action<JsonObject> change)
    {
        JsonObject config = Parse(
            """{"hidden_size":8,"num_attention_heads":2,"num_hidden_layers":2,"intermediate_size":16,"vocab_size":32,"rms_norm_eps":1e-5}""");
        config["model_type"] = family;
        config["max_position_embeddings"] = context;
        change(config);
        File.WriteAllText(_folder.At("config.json"), config.ToJsonString());
        return ModelFiles.Find(_folder.Path).ReadConfig();
    }
}
