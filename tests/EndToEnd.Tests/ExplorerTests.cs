using System.Text.RegularExpressions;
using Microsoft.Playwright;
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
        await using Browser browser = await Browser.StartAsync();
        string features;
        await using (ExplorerProcess explorer = await ExplorerProcess.StartAsync(folder.Path))
        {
            await ReadWorkspaceAsync(browser.Page, explorer.Address);
            features = await FindFeatureAsync(browser.Page);
            await ReadFeatureAsync(browser.Page);
            await LabelFeatureAsync(browser.Page);
            await TryTextAsync(browser.Page);
            await PageCheck.LookAsync(browser.Page, "feature");
            await SteerAsync(browser.Page);
            await browser.Page.GotoAsync(explorer.Address + "/jobs");
            await browser.Page.WaitForSelectorAsync("h1:has-text('Jobs')");
            await PageCheck.LookAsync(browser.Page, "jobs");
            (await explorer.StopAsync()).ShouldBe(0, explorer.Printed);
        }

        browser.Complaints.RemoveAll(text => text.Contains("WebSocket", StringComparison.Ordinal) || text.Contains("ERR_CONNECTION_REFUSED", StringComparison.Ordinal));
        await using (ExplorerProcess explorer = await ExplorerProcess.StartAsync(folder.Path))
        {
            await browser.Page.GotoAsync(explorer.Address + features + "?q=secrets");
            await Assertions.Expect(browser.Page.Locator("table.features .lab").First).ToContainTextAsync("passwords and secrets");
        }

        browser.Complaints.ShouldBeEmpty();
        browser.ForeignRequests.ShouldBeEmpty();
    }

    private static async Task ReadWorkspaceAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await Assertions.Expect(page.Locator("table.data").First).ToContainTextAsync(PreparedWorkspace.Dictionary);
        await PageCheck.LookAsync(page, "workspace");
        await page.GetByRole(AriaRole.Button, new() { Name = "Train a dictionary" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await PageCheck.LookAsync(page, "train-dialog");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    private static async Task<string> FindFeatureAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Features", Exact = true }).ClickAsync();
        await page.WaitForSelectorAsync("table.features tbody a");
        await PageCheck.LookAsync(page, "features");
        string path = new Uri(page.Url).AbsolutePath;

        await page.GetByRole(AriaRole.Button, new() { Name = "not dead" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("only=alive"));
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("63 of 64");
        await page.GetByRole(AriaRole.Button, new() { Name = "Density" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("sort=-density"));
        await Assertions.Expect(page.Locator("th[aria-sort=descending]")).ToContainTextAsync("Density");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("12");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(new Regex("q=12"));
        await page.Locator("table.features tbody a").First.ClickAsync();
        await page.WaitForURLAsync(new Regex("/features/12$"));
        return path;
    }

    private static async Task ReadFeatureAsync(IPage page)
    {
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Feature 12");
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Feature 13");
        await page.Keyboard.PressAsync("k");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Feature 12");

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
        await PageCheck.LookAsync(page, "feature-intervals");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Top" }).ClickAsync();
    }

    private static async Task LabelFeatureAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "add a label" }).ClickAsync();
        await page.Locator("#label-text").FillAsync("passwords and secrets");
        await page.Locator("#note-text").FillAsync("fires on the word, not on the idea");
        await PageCheck.LookAsync(page, "feature-label");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Passwords and secrets");
    }

    private static async Task TryTextAsync(IPage page)
    {
        await page.GetByLabel("Text to run the model on").FillAsync("the key of a password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show activations" }).ClickAsync();
        await Assertions.Expect(page.Locator(".tried .tok span")).ToHaveCountAsync("the key of a password".Length);
    }

    private static async Task SteerAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Steer with it" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/steering"));
        await page.Locator("#prompt").FillAsync("Represents a method");
        await page.GetByLabel("Tokens", new() { Exact = true }).FillAsync("24");
        await page.GetByLabel("Temperature").FillAsync("0");
        await page.Keyboard.PressAsync("Tab");
        await page.WaitForURLAsync(new Regex("temperature=0"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await Assertions.Expect(page.Locator(".output h2").Nth(1)).ToContainTextAsync("KL");
        string baseline = await page.Locator(".out .tok").First.InnerTextAsync();
        string steered = await page.Locator(".out .tok").Nth(1).InnerTextAsync();
        baseline.Length.ShouldBeGreaterThan(0);
        steered.ShouldNotBe(baseline);
        await PageCheck.LookAsync(page, "steering");
    }

    [GeneratedRegex("^colour")]
    private static partial Regex ColourButton();
}
