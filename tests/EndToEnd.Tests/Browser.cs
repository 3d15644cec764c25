using Microsoft.Playwright;

namespace Workbench.EndToEnd.Tests;

/// <summary>Debian's Chromium, driven by Playwright; keeps what the page complained about and what it asked of other machines.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        _playwright = playwright;
        _browser = browser;
        Page = page;
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public List<string> ForeignRequests { get; } = [];

    /// <summary>Starts the browser; the calling test is skipped where there is none.</summary>
    public static async Task<Browser> StartAsync()
    {
        Assert.SkipUnless(File.Exists(Chromium), $"{Chromium} is absent; install it with: apt-get install -y --no-install-recommends chromium fonts-dejavu-core");
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Headless = true,
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        });
        IPage page = await browser.NewPageAsync(new BrowserNewPageOptions { ReducedMotion = ReducedMotion.Reduce });
        page.SetDefaultTimeout(60_000);
        var started = new Browser(playwright, browser, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                started.Complaints.Add($"{message.Type}: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => started.Complaints.Add($"exception: {error}");
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https", IsLoopback: false })
            {
                started.ForeignRequests.Add(request.Url);
            }
        };
        return started;
    }

    /// <summary>Opens a page and waits until its server answers what is done on it; what is shown before that is a picture only.</summary>
    public async Task OpenAsync(string address)
    {
        await Page.GotoAsync(address);
        await Page.WaitForFunctionAsync("() => [...document.querySelectorAll('button')].some(button => [...button.attributes].some(held => held.name.startsWith('_bl_')))");
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
