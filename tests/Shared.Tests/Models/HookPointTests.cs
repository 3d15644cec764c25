using Workbench.Models;

namespace Workbench.Shared.Tests.Models;

public sealed class HookPointTests
{
    [Theory]
    [InlineData("hook_embed", HookKind.Embed, null)]
    [InlineData("hook_pos_embed", HookKind.PositionEmbed, null)]
    [InlineData("blocks.0.ln1.hook_normalized", HookKind.AttentionNormalized, 0)]
    [InlineData("blocks.1.ln2.hook_normalized", HookKind.MlpNormalized, 1)]
    [InlineData("blocks.2.hook_mlp_in", HookKind.MlpIn, 2)]
    [InlineData("blocks.3.hook_resid_pre", HookKind.ResidualPre, 3)]
    [InlineData("blocks.4.hook_resid_mid", HookKind.ResidualMid, 4)]
    [InlineData("blocks.15.hook_resid_post", HookKind.ResidualPost, 15)]
    [InlineData("blocks.6.hook_attn_out", HookKind.AttentionOut, 6)]
    [InlineData("blocks.7.hook_mlp_out", HookKind.MlpOut, 7)]
    [InlineData("blocks.8.attn.hook_z", HookKind.AttentionZ, 8)]
    [InlineData("blocks.9.mlp.hook_post", HookKind.MlpPost, 9)]
    [InlineData("ln_final.hook_normalized", HookKind.FinalNormalized, null)]
    [InlineData("ln_final.hook_out", HookKind.FinalOut, null)]
    public void Parse_reads_the_names_of_TransformerLens_and_Name_writes_them(string name, HookKind kind, int? layer)
    {
        HookPoint point = HookPoint.Parse(name);
        point.ShouldBe(new HookPoint(kind, layer));
        point.Name.ShouldBe(name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("blocks.hook_resid_post")]
    [InlineData("blocks.03.hook_resid_post")]
    [InlineData("blocks.-1.hook_resid_post")]
    [InlineData("blocks.+1.hook_resid_post")]
    [InlineData("blocks. 1.hook_resid_post")]
    [InlineData("blocks.1.hook_resid_post ")]
    [InlineData("blocks.1.hook_embed")]
    [InlineData("blocks.99999999999.hook_resid_post")]
    [InlineData("Blocks.1.hook_resid_post")]
    [InlineData("hook_resid_post")]
    [InlineData("layers.3")]
    public void Parse_refuses_any_other_spelling(string name)
    {
        Should.Throw<WorkbenchException>(() => HookPoint.Parse(name)).Message.ShouldStartWith($"'{name}' is not a hook");
    }

    [Fact]
    public void Order_is_that_of_a_forward_pass()
    {
        string[] names =
        [
            "hook_embed", "blocks.0.hook_resid_pre", "blocks.0.ln1.hook_normalized", "blocks.0.attn.hook_z", "blocks.0.hook_attn_out",
            "blocks.0.hook_resid_mid", "blocks.0.hook_mlp_in", "blocks.0.ln2.hook_normalized", "blocks.0.mlp.hook_post",
            "blocks.0.hook_mlp_out", "blocks.0.hook_resid_post", "blocks.1.hook_resid_pre", "blocks.10.hook_resid_pre",
            "ln_final.hook_normalized", "ln_final.hook_out",
        ];
        names.OrderBy(name => HookPoint.Parse(name).Order).ShouldBe(names);
    }
}
