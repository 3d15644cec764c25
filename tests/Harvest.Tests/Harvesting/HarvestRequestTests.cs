using Workbench.Activations;
using Workbench.Harvest.Harvesting;

namespace Workbench.Harvest.Tests.Harvesting;

public sealed class HarvestRequestTests
{
    private static readonly HarvestRequest s_request = new()
    {
        Model = "m",
        Corpus = "c",
        Hooks = ["blocks.1.hook_resid_post"],
        Tokens = 100,
        Context = 16,
    };

    [Fact]
    public void The_same_request_does_not_differ_and_inputs_are_left_to_their_hashes()
    {
        s_request.DifferenceFrom(s_request with { Hooks = ["blocks.1.hook_resid_post"], Model = "elsewhere/m" }).ShouldBeNull();
    }

    [Fact]
    public void The_differing_field_is_named_with_both_values()
    {
        (s_request with { Tokens = 200 }).DifferenceFrom(s_request).ShouldBe("tokens 100, not 200");
        (s_request with { DType = StorageType.BFloat16 }).DifferenceFrom(s_request).ShouldBe("dtype auto, not bfloat16");
        (s_request with { ExcludeLeading = 1 }).DifferenceFrom(s_request).ShouldBe("exclude_leading auto, not 1");
        (s_request with { Hooks = ["hook_embed", "blocks.1.hook_mlp_out"] }).DifferenceFrom(s_request)
            .ShouldBe("hooks blocks.1.hook_resid_post, not hook_embed blocks.1.hook_mlp_out");
    }

    [Fact]
    public void A_field_out_of_range_names_its_option()
    {
        (HarvestRequest Request, string Option)[] wrong =
        [
            (s_request with { Hooks = [] }, "--hook"),
            (s_request with { Hooks = ["hook_embed", "hook_embed"] }, "--hook"),
            (s_request with { Hooks = ["blocks.1.hook_resid"] }, "blocks.1.hook_resid"),
            (s_request with { Tokens = 0 }, "--tokens"),
            (s_request with { Context = 1 }, "--context"),
            (s_request with { ExcludeLeading = -1 }, "--exclude-leading"),
            (s_request with { ExcludeLeading = 16 }, "--exclude-leading"),
            (s_request with { Batch = 0 }, "--batch"),
        ];
        foreach ((HarvestRequest request, string option) in wrong)
        {
            Should.Throw<UsageException>(request.Validate).Message.ShouldContain(option);
        }

        s_request.Validate();
    }
}
