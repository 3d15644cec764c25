using Bunit;
using Workbench.Explorer.Components.Charts;
using Workbench.Features;

namespace Workbench.Explorer.Tests;

public sealed class HistogramChartTests : ExplorerContext
{
    [Fact]
    public void The_table_twin_holds_every_count()
    {
        var chart = Render<HistogramChart>(p => p.Add(c => c.Histogram, new Histogram(4, [7, 0, 1200, 1])));
        chart.FindAll("tbody tr td:last-child").Select(cell => cell.TextContent).ShouldBe(["7", "0", "1,200", "1"]);
        chart.FindAll("tbody tr td:first-child").Select(cell => cell.TextContent).ShouldBe(["0", "1.00", "2.00", "3.00"]);
    }

    [Fact]
    public void Bars_grow_with_the_logarithm_of_their_counts()
    {
        double[] heights = [.. Render<HistogramChart>(p => p.Add(c => c.Histogram, new Histogram(3, [9, 0, 99])))
            .FindAll("rect").Select(bar => double.Parse(bar.GetAttribute("height")!, System.Globalization.CultureInfo.InvariantCulture))];
        heights[1].ShouldBe(0);
        (heights[2] / heights[0]).ShouldBe(2, 0.001);
    }

    [Fact]
    public void A_latent_that_never_fires_has_no_chart()
    {
        Render<HistogramChart>(p => p.Add(c => c.Histogram, new Histogram(0, [0, 0]))).FindAll("svg").ShouldBeEmpty();
    }
}
