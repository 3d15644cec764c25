using Workbench.Dictionaries;

namespace Workbench.Shared.Tests.Dictionaries;

public sealed class HookNameTests
{
    [Theory]
    [InlineData("blocks.3.hook_resid_post", "blocks.3.hook_resid_post")]
    [InlineData("layers.3", "blocks.3.hook_resid_post")]
    [InlineData("model.layers.11", "blocks.11.hook_resid_post")]
    [InlineData("model.layers.9.output", "blocks.9.hook_resid_post")]
    [InlineData("gpt_neox.layers.0", "blocks.0.hook_resid_post")]
    [InlineData("transformer.h.5", "blocks.5.hook_resid_post")]
    [InlineData("h.0.mlp", "blocks.0.hook_mlp_out")]
    [InlineData("layers.2.mlp", "blocks.2.hook_mlp_out")]
    [InlineData("embed_tokens", "hook_embed")]
    [InlineData("resid_post_layer_4", "blocks.4.hook_resid_post")]
    [InlineData("layers.3.self_attn", null)]
    [InlineData("model.layers.9.pre_feedforward_layernorm.output", null)]
    [InlineData("layers.99999", null)]
    [InlineData("", null)]
    public void A_name_that_leaves_no_doubt_becomes_a_hook_point(string name, string? expected)
    {
        HookNames.Find(name)?.Name.ShouldBe(expected);
        (HookNames.Find(name) is null).ShouldBe(expected is null);
    }

    [Theory]
    [InlineData("layers.3.mlp")]
    [InlineData("layers.3")]
    public void A_module_that_a_transcoder_reads_does_not_say_which_side_is_meant(string name)
    {
        HookNames.Find(name, isInput: true).ShouldBeNull();
        HookNames.Find("blocks.3.hook_mlp_in", isInput: true)!.Value.Name.ShouldBe("blocks.3.hook_mlp_in");
    }
}
