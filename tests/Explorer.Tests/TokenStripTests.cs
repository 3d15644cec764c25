using Bunit;
using Workbench.Explorer.Components.Controls;
using Workbench.Explorer.Models;

namespace Workbench.Explorer.Tests;

public sealed class TokenStripTests : ExplorerContext
{
    [Fact]
    public void Each_token_is_an_item_that_keeps_its_space()
    {
        var strip = Show([new(" the", 0, false), new(" password", 2, true)], 4);
        strip.FindAll("[role=listitem]").Select(item => item.TextContent).ShouldBe([" the", " password"]);
    }

    [Fact]
    public void An_active_token_says_its_value_on_hover_and_to_screen_readers()
    {
        var peak = Show([new(" the", 0, false), new(" password", 2, true)], 4).Find(".pk");
        peak.GetAttribute("title").ShouldBe("2.00");
        peak.GetAttribute("aria-label").ShouldBe("password, 2.00");
    }

    [Fact]
    public void Both_colour_scales_are_present_at_once_so_that_switching_moves_nothing()
    {
        Show([new("a", 1, false), new("b", 2, true)], 8).FindAll(".on").Select(item => item.GetAttribute("style"))
            .ShouldBe(["--a:0.125;--b:0.5", "--a:0.25;--b:1"]);
    }

    [Fact]
    public void A_line_break_is_marked_and_breaks_the_line_only_where_that_is_asked_for()
    {
        TokenView[] tokens = [new("\n", 0, false)];
        Show(tokens, 1).Find("[role=listitem]").TextContent.ShouldBe("↵");
        Render<TokenStrip>(p => p.Add(strip => strip.Tokens, tokens).Add(strip => strip.KeepBreaks, true)).Find("[role=listitem]").TextContent.ShouldBe("↵\n");
    }

    [Fact]
    public void Markup_in_a_token_stays_text()
    {
        var strip = Show([new("<script>", 1, true)], 1);
        strip.FindAll("script").ShouldBeEmpty();
        strip.Find(".pk").TextContent.ShouldBe("<script>");
    }

    private IRenderedComponent<TokenStrip> Show(IReadOnlyList<TokenView> tokens, float maximum)
    {
        return Render<TokenStrip>(p => p.Add(strip => strip.Tokens, tokens).Add(strip => strip.Maximum, maximum));
    }
}
