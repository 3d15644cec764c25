using Microsoft.Playwright;
using Workbench.Testing;

namespace Workbench.EndToEnd.Tests;

/// <summary>A crosscoder in the Explorer, in a real browser: its norms by hook, a text of one's own, and steering at all of its hooks.</summary>
public sealed class SeveralHooksTests
{
    private const string Text = "the key of a password";

    [Fact]
    public async Task A_crosscoders_feature_is_read_tried_and_steered_with()
    {
        using var folder = new TemporaryFolder();
        PreparedWorkspace.Write(folder.Path);
        await using Browser browser = await Browser.StartAsync();
        Assertions.SetDefaultExpectTimeout(30_000);
        IPage page = browser.Page;
        var check = new PageCheck(page);
        await using ExplorerProcess explorer = await ExplorerProcess.StartAsync(folder.Path);

        await browser.OpenAsync($"{explorer.Address}/dictionaries/{PreparedWorkspace.Crosscoder}/features/3");
        await page.GetByText("Norms as a table").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Decoder norms by hook" }).Locator("tbody tr")).ToHaveCountAsync(2);
        await page.GetByLabel("Text to run the model on").FillAsync(Text);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show activations" }).ClickAsync();
        await Assertions.Expect(page.Locator(".tried .tok span")).ToHaveCountAsync(Text.Length);
        await check.LookAsync("feature-hooks");

        await page.GetByRole(AriaRole.Link, new() { Name = "Steer with it" }).ClickAsync();
        await Assertions.Expect(page.Locator(".edit .formula")).ToContainTextAsync("blocks.1.hook_resid_post");
        await page.Locator("#prompt").FillAsync("Represents a method");
        await page.GetByLabel("Tokens", new() { Exact = true }).FillAsync("12");
        await page.Keyboard.PressAsync("Tab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await page.WaitForSelectorAsync(".output .tok, .form-error");
        (await page.Locator(".form-error").AllInnerTextsAsync()).ShouldBeEmpty();
        await Assertions.Expect(page.Locator(".output h2").Nth(1)).ToContainTextAsync("KL");
        await check.LookAsync("steering-hooks");

        await browser.OpenAsync(page.Url.Replace("%3A1", ":1:clamp", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await Assertions.Expect(page.Locator(".form-error")).ToContainTextAsync($"'{PreparedWorkspace.Crosscoder}'");
        browser.Complaints.ShouldBeEmpty();
        check.Findings.ShouldBeEmpty();
    }
}
