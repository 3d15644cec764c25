using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Workbench.Features;
using Workbench.Testing;

namespace Workbench.EndToEnd.Tests;

/// <summary>A person's path through the Explorer, in a real browser.</summary>
public sealed partial class ExplorerTests
{
    [Fact]
    public async Task A_person_reads_labels_and_steers_a_feature_and_finds_the_label_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        PreparedWorkspace.Write(folder.Path);
        (int alive, int latent) = Known(folder.Path);
        await using Browser browser = await Browser.StartAsync();
        Assertions.SetDefaultExpectTimeout(30_000);
        var check = new PageCheck(browser.Page);
        string features;
        await using (ExplorerProcess explorer = await ExplorerProcess.StartAsync(folder.Path))
        {
            await ReadWorkspaceAsync(check, browser.Page, explorer.Address);
            features = await FindFeatureAsync(check, browser.Page, alive, latent);
            await ReadFeatureAsync(check, browser.Page, latent);
            await LabelFeatureAsync(check, browser.Page);
            await TryTextAsync(browser.Page);
            await check.LookAsync("feature");
            await SteerAsync(check, browser.Page);
            await browser.Page.GotoAsync(explorer.Address + "/jobs");
            await browser.Page.WaitForSelectorAsync("h1:has-text('Jobs')");
            await check.LookAsync("jobs");
            browser.Complaints.ShouldBeEmpty();
            (await explorer.StopAsync()).ShouldBe(0, explorer.Printed);
        }

        // The page that was left open complains that its server is gone, and rightly so.
        await browser.Page.GotoAsync("about:blank");
        browser.Complaints.Clear();
        await using (ExplorerProcess explorer = await ExplorerProcess.StartAsync(folder.Path))
        {
            await browser.Page.GotoAsync(explorer.Address + features + "?q=secrets");
            await Assertions.Expect(browser.Page.Locator("table.features .lab").First).ToContainTextAsync("passwords and secrets");
            browser.Complaints.ShouldBeEmpty();
        }

        check.Findings.ShouldBeEmpty();
        browser.ForeignRequests.ShouldBeEmpty();
    }

    /// <summary>The latents that fire, and one of them with several examples.</summary>
    private static (int Alive, int Latent) Known(string workspace)
    {
        using FeatureIndex index = FeatureIndex.Open(Path.Combine(workspace, "dictionaries", PreparedWorkspace.Dictionary, "indexes", PreparedWorkspace.Harvest));
        ReadOnlySpan<long> sequences = index.SequenceCount;
        int latent = sequences[..^1].IndexOf(sequences[10..^1].ToArray().Max());
        return (index.Alive, latent);
    }

    private static async Task ReadWorkspaceAsync(PageCheck check, IPage page, string address)
    {
        await page.GotoAsync(address);
        await Assertions.Expect(page.Locator("table.data").First).ToContainTextAsync(PreparedWorkspace.Dictionary);
        await check.LookAsync("workspace");
        await page.GetByRole(AriaRole.Button, new() { Name = "Train a dictionary" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await check.LookAsync("train-dialog");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    private static async Task<string> FindFeatureAsync(PageCheck check, IPage page, int alive, int latent)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Features", Exact = true }).ClickAsync();
        await page.WaitForSelectorAsync("table.features tbody a");
        await check.LookAsync("features");
        string path = new Uri(page.Url).AbsolutePath;

        await page.GetByRole(AriaRole.Button, new() { Name = "not dead" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("only=alive"));
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync($"{alive} of ");
        await page.GetByRole(AriaRole.Button, new() { Name = "Density" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("sort=-density"));
        await Assertions.Expect(page.Locator("th[aria-sort=descending]")).ToContainTextAsync("Density");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync($"{latent}");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"q={latent}"));
        await page.GetByRole(AriaRole.Link, new() { Name = $"Feature {latent}", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"/features/{latent}$"));
        return path;
    }

    private static async Task ReadFeatureAsync(PageCheck check, IPage page, int latent)
    {
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync($"Feature {latent}");
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync($"Feature {latent + 1}");
        await page.Keyboard.PressAsync("k");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync($"Feature {latent}");

        ILocator example = page.Locator(".ex").First;
        string peak = await example.Locator(".v").InnerTextAsync();
        (await example.Locator(".pk").GetAttributeAsync("title")).ShouldBe(peak);
        (await example.Locator(".d").InnerTextAsync()).ShouldStartWith("Sentences.");

        LocatorBoundingBoxResult? before = await example.BoundingBoxAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = ColourButton() }).ClickAsync();
        await page.WaitForSelectorAsync(".examples.per-example");
        (await example.BoundingBoxAsync())!.Height.ShouldBe(before!.Height);

        await page.GetByRole(AriaRole.Tab, new() { Name = "Intervals" }).ClickAsync();
        await page.WaitForSelectorAsync("h3.interval");
        await check.LookAsync("feature-intervals");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Top" }).ClickAsync();
    }

    private static async Task LabelFeatureAsync(PageCheck check, IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "add a label" }).ClickAsync();
        await page.Locator("#label-text").FillAsync("passwords and secrets");
        await page.Locator("#note-text").FillAsync("fires on the word, not on the idea");
        await check.LookAsync("feature-label");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Passwords and secrets");
    }

    private static async Task TryTextAsync(IPage page)
    {
        await page.GetByLabel("Text to run the model on").FillAsync("the key of a password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show activations" }).ClickAsync();
        await Assertions.Expect(page.Locator(".tried .tok span")).ToHaveCountAsync("the key of a password".Length);
    }

    private static async Task SteerAsync(PageCheck check, IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Steer with it" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/steering"));
        await page.Locator("#prompt").FillAsync("Represents a method");
        await page.GetByLabel("Tokens", new() { Exact = true }).FillAsync("24");
        await page.GetByLabel("Temperature").FillAsync("1");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("temperature=1"));
        await page.GetByLabel(", as a number").FillAsync("3");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("edits=[0-9]+(:|%3A)3"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await page.WaitForSelectorAsync(".output .tok, .form-error");
        (await page.Locator(".form-error").AllInnerTextsAsync()).ShouldBeEmpty();
        await Assertions.Expect(page.Locator(".output h2").Nth(1)).ToContainTextAsync("KL");
        string baseline = await page.Locator(".out .tok").First.InnerTextAsync();
        string steered = await page.Locator(".out .tok").Nth(1).InnerTextAsync();
        baseline.Length.ShouldBeGreaterThan(0);
        steered.ShouldNotBe(baseline);
        await check.LookAsync("steering");
    }

    [GeneratedRegex("^colour")]
    private static partial Regex ColourButton();
}
