using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Workbench.Explorer.Components.Controls;
using Workbench.Explorer.Components.Pages;
using Workbench.Explorer.Data;

namespace Workbench.Explorer.Tests;

public sealed class PageTests : ExplorerContext
{
    [Fact]
    public void An_empty_workspace_says_what_to_do_next()
    {
        Render<Home>().Find(".next").TextContent.ShouldContain("Harvest a model's activations");
    }

    [Fact]
    public void A_dictionary_with_an_index_leads_to_its_features()
    {
        WriteSpace("d7");
        Render<Home>().Find("table.data a").GetAttribute("href").ShouldBe("/dictionaries/d7/features");
    }

    [Fact]
    public void A_feature_page_shows_the_examples_of_the_index_with_their_peaks()
    {
        FeatureSpace space = WriteSpace();
        var page = Render<FeaturePage>(p => p.Add(f => f.Dictionary, "d1").Add(f => f.Latent, 0));
        string[] shown = [.. page.FindAll(".ex .v").Select(peak => peak.TextContent)];
        shown.ShouldBe(space.Index.Examples(0)[0].Examples.Take(shown.Length).Select(example => Models.Show.Fixed(example.PeakValue)));
        shown.ShouldNotBeEmpty();
        page.Find(".stats").TextContent.ShouldContain(Models.Show.Count(space.Index.FireCount[0]));
    }

    [Fact]
    public void A_latent_that_does_not_exist_is_explained()
    {
        WriteSpace();
        Render<FeaturePage>(p => p.Add(f => f.Dictionary, "d1").Add(f => f.Latent, 99)).Find(".empty").TextContent.ShouldContain("Latent 99 does not exist");
    }

    [Fact]
    public void A_label_that_is_saved_becomes_the_title_and_is_found_in_the_book()
    {
        FeatureSpace space = WriteSpace();
        var page = Render<FeaturePage>(p => p.Add(f => f.Dictionary, "d1").Add(f => f.Latent, 0));
        page.Find("button.chip").Click();
        page.Find("#label-text").Change("passwords");
        page.Find("form.label-editor").Submit();
        page.Find("h1").TextContent.ShouldBe("Passwords");
        Labels.Find(space.Info.WeightsHash, 0)!.Label.ShouldBe("passwords");
    }

    [Fact]
    public void Sorting_and_filtering_change_the_address()
    {
        WriteSpace();
        var page = Render<Explorer.Components.Pages.Features>(p => p.Add(f => f.Dictionary, "d1"));
        page.FindAll("button.sort").Single(button => button.TextContent.Trim() == "Density").Click();
        Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("/dictionaries/d1/features?sort=-density");
        page.FindAll("button.chip").Single(button => button.TextContent == "not dead").Click();
        page.Find("[role=status]").TextContent.ShouldStartWith("23 of 24");
    }

    [Fact]
    public void The_stepper_goes_round_at_both_ends()
    {
        var stepper = Render<FeatureStepper>(p => p.Add(s => s.Dictionary, "d1").Add(s => s.Latent, 0).Add(s => s.Latents, 24));
        stepper.Find("[data-hotkey=k]").GetAttribute("href").ShouldEndWith("/23");
        stepper.Find("[data-hotkey=j]").GetAttribute("href").ShouldEndWith("/1");
    }

    [Fact]
    public void A_model_that_is_not_here_is_said_on_the_steering_page()
    {
        WriteSpace();
        var page = Render<Steering>(p => p.Add(s => s.Dictionary, "d1"));
        page.Find(".empty").TextContent.ShouldContain("synthetic");
        page.Find("[data-hotkey=enter]").HasAttribute("disabled").ShouldBeTrue();
    }
}
