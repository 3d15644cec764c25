using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Components;
using Workbench.Explorer.Components.Controls;
using Workbench.Explorer.Components.Pages;
using Workbench.Explorer.Data;
using Workbench.Explorer.Inference;
using Workbench.Features;
using Workbench.Interventions;
using Workbench.Models;
using Workbench.Testing;

namespace Workbench.Explorer.Tests;

public sealed class SeveralHooksTests : ExplorerContext
{
    private static readonly IndexedHook[] s_hooks =
        [new("blocks.1.hook_resid_post", 8, 2), new("blocks.2.mlp.hook_post", 8, 4), new("blocks.3.hook_resid_post", 8, 8)];

    private static FeatureIndexInfo Crosscoder => SyntheticFeatureIndex.Info with { Hook = string.Join(" + ", s_hooks.Select(hook => hook.Name)), Hooks = s_hooks };

    private static FeatureIndexInfo MultiLayer => Crosscoder with { RowsPerToken = s_hooks.Length };

    private static FeatureIndexInfo Transcoder => SyntheticFeatureIndex.Info with { Hook = "blocks.1.hook_mlp_in", OutputHook = "blocks.1.hook_mlp_out" };

    [Fact]
    public void A_crosscoders_feature_shows_its_norms_by_hook_as_a_chart_and_a_table()
    {
        FeatureSpace space = WriteSpace("d1", Crosscoder);
        var page = Render<FeaturePage>(p => p.Add(f => f.Dictionary, "d1").Add(f => f.Latent, 1));
        var panel = page.FindComponent<HookPanel>();

        panel.FindAll("tbody td:first-child").Select(cell => cell.GetAttribute("title")).ShouldBe(s_hooks.Select(hook => hook.Name));
        panel.FindAll("tbody td:last-child").Select(cell => cell.TextContent).ShouldBe(space.Index.HookShares(1).Select(share => Models.Show.Percent(share.Share)));
        double[] bars = [.. panel.FindAll("rect").Select(bar => double.Parse(bar.GetAttribute("width")!, System.Globalization.CultureInfo.InvariantCulture))];
        (bars[0] / bars[1]).ShouldBe(space.Index.HookShares(1)[0].Share / space.Index.HookShares(1)[1].Share, 0.01);
        panel.Markup.ShouldContain("2 mlp.post");
        page.Find(".prov").TextContent.ShouldContain("crosscoder, top-4");
    }

    [Fact]
    public void A_multi_layer_dictionarys_feature_shows_its_firings_by_hook()
    {
        FeatureSpace space = WriteSpace("d1", MultiLayer);
        var page = Render<FeaturePage>(p => p.Add(f => f.Dictionary, "d1").Add(f => f.Latent, 1));

        page.FindComponent<HookPanel>().FindAll("tbody td:nth-child(2)").Select(cell => cell.TextContent)
            .ShouldBe(space.Index.HookShares(1).Select(share => Models.Show.Count((long)share.Amount)));
        page.Find(".stats").TextContent.ShouldContain("at 3 hooks");
    }

    [Fact]
    public void Features_are_sorted_by_how_much_they_belong_to_one_hook()
    {
        FeatureSpace space = WriteSpace("d1", Crosscoder);
        var page = Render<Explorer.Components.Pages.Features>(p => p.Add(f => f.Dictionary, "d1"));
        page.FindAll("button.sort").Single(button => button.TextContent.Trim() == "Main hook").Click();

        Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("?sort=-hook");
        int[] order = FeatureSelection.Select(space, new FeatureQuery { Sort = FeatureSort.Hook }, new Dictionary<int, Catalog.LabelEntry>());
        order.Select(latent => space.Index.HookShares(latent).Max(share => share.Share)).ShouldBeInOrder(SortDirection.Descending);
        order.Length.ShouldBe(space.Index.Latents);
    }

    [Fact]
    public void A_dictionary_of_one_hook_has_no_such_panel()
    {
        WriteSpace();
        Render<Explorer.Components.Pages.Features>(p => p.Add(f => f.Dictionary, "d1")).Markup.ShouldNotContain("Main hook");
        Render<FeaturePage>(p => p.Add(f => f.Dictionary, "d1").Add(f => f.Latent, 1)).FindComponent<HookPanel>().Markup.Trim().ShouldBeEmpty();
    }

    [Fact]
    public void Steering_with_a_crosscoder_writes_at_every_hook()
    {
        FeatureSpace space = WriteSpace("d1", Crosscoder);
        EditPlan plan = SteeringRun.Plan(space, new SteeringSettings { Edits = [new SteeringEdit(1, 2, EditOperation.Add)] });

        plan.Edits.Select(edit => edit.Hook.Name).ShouldBe(s_hooks.Select(hook => hook.Name));
        plan.Edits.ShouldAllBe(edit => edit.Latent == 1 && edit.Strength == 2);
    }

    [Fact]
    public void Steering_with_a_multi_layer_dictionary_writes_where_the_feature_fires_most()
    {
        FeatureSpace space = WriteSpace("d1", MultiLayer);
        HookShare most = space.Index.HookShares(1).MaxBy(share => share.Amount);

        SteeringRun.Plan(space, new SteeringSettings { Edits = [new SteeringEdit(1, 2, EditOperation.Clamp)] }).Edits.Single().Hook.Name.ShouldBe(most.Hook);
    }

    [Fact]
    public void Steering_with_a_transcoder_writes_at_its_output_or_says_why_not()
    {
        var settings = new SteeringSettings { Edits = [new SteeringEdit(1, 2, EditOperation.Clamp)] };

        SteeringRun.Plan(WriteSpace("d1", Transcoder), settings).Edits.Single().Hook.ShouldBe(HookPoint.Parse("blocks.1.hook_mlp_out"));
        string message = Should.Throw<WorkbenchException>(() => SteeringRun.Plan(WriteSpace("d2", Transcoder with { OutputHook = "somewhere" }), settings)).Message;
        message.ShouldContain("d2");
        message.ShouldContain("'somewhere'");
    }

    [Theory]
    [InlineData(true, 2, "all 3 hooks")]
    [InlineData(false, 6, "the second")]
    public void The_steering_page_says_where_edits_go_and_offers_what_is_defined(bool crosscoder, int offered, string expected)
    {
        WriteSpace("d1", crosscoder ? Crosscoder : Transcoder);
        Services.GetRequiredService<NavigationManager>().NavigateTo(Models.Address.Steering("d1", 1));
        var page = Render<Steering>(p => p.Add(s => s.Dictionary, "d1"));

        page.Markup.ShouldContain(expected);
        page.FindAll(".edit option:not([disabled])").Count.ShouldBe(offered);
        page.Find(".edit .formula").TextContent.ShouldContain(crosscoder ? s_hooks[2].Name : "blocks.1.hook_mlp_out");
    }
}
