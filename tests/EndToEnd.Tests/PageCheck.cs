using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Workbench.Testing;

namespace Workbench.EndToEnd.Tests;

/// <summary>Looks at a page in both themes and two sizes: a picture of each, no axe violation, nothing wider than the window.</summary>
internal sealed class PageCheck(IPage page)
{
    private static readonly (string Name, int Width, int Height)[] s_sizes = [("wide", 1280, 800), ("narrow", 390, 844)];

    private static readonly string s_folder = Path.Combine(Golden.Repository, "artifacts", "screenshots");

    /// <summary>What was wrong on the pages looked at.</summary>
    public List<string> Findings { get; } = [];

    public async Task LookAsync(string name)
    {
        foreach ((string size, int width, int height) in s_sizes)
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (string theme in (string[])["light", "dark"])
            {
                await page.EvaluateAsync("theme => { document.documentElement.dataset.theme = theme; document.documentElement.style.colorScheme = theme; window.scrollTo(0, 0); }", theme);
                await page.WaitForTimeoutAsync(250);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(s_folder, $"{name}-{size}-{theme}.png"), FullPage = size == "narrow" });
                AxeResult result = await page.RunAxe();
                Findings.AddRange(result.Violations.Select(violation => $"{name}, {size}, {theme}: {Describe(violation)}"));
            }

            int overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (overflow > 0)
            {
                Findings.Add($"{name}, {size}: {overflow} pixels wider than the window");
            }
        }

        await page.SetViewportSizeAsync(s_sizes[0].Width, s_sizes[0].Height);
        await page.WaitForTimeoutAsync(250);
    }

    private static string Describe(AxeResultItem violation)
    {
        return $"{violation.Id} ({violation.Impact}): {string.Join(" | ", violation.Nodes.Take(4).Select(node => node.Html))}";
    }
}
