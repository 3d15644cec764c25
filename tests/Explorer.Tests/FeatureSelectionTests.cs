using Workbench.Explorer.Catalog;
using Workbench.Explorer.Data;

namespace Workbench.Explorer.Tests;

public sealed class FeatureSelectionTests : ExplorerContext
{
    private static readonly Dictionary<int, LabelEntry> s_none = [];

    [Fact]
    public void Rows_fall_by_maximum_unless_asked_otherwise()
    {
        FeatureSpace space = WriteSpace();
        float[] maxima = [.. FeatureSelection.Select(space, new FeatureQuery(), s_none).Select(latent => space.Index.Max[latent])];
        maxima.Length.ShouldBe(space.Index.Latents);
        maxima.ShouldBe(maxima.OrderDescending());
    }

    [Fact]
    public void A_density_range_in_percent_keeps_what_lies_in_it()
    {
        FeatureSpace space = WriteSpace();
        double[] densities = [.. Enumerable.Range(0, space.Index.Latents).Select(latent => space.Index.Density(latent) * 100)];
        double middle = densities.Order().ElementAt(densities.Length / 2);
        int[] rows = FeatureSelection.Select(space, new FeatureQuery { DensityFrom = middle, Sort = FeatureSort.Latent, Ascending = true }, s_none);
        rows.ShouldBe(Enumerable.Range(0, densities.Length).Where(latent => densities[latent] >= middle));
    }

    [Fact]
    public void Hiding_the_dead_leaves_those_that_fire()
    {
        FeatureSpace space = WriteSpace();
        int[] rows = FeatureSelection.Select(space, new FeatureQuery { HideDead = true }, s_none);
        rows.Length.ShouldBe(space.Index.Alive);
        rows.Where(latent => space.Index.Statistics(latent).FireCount == 0).ShouldBeEmpty();
    }

    [Fact]
    public void A_search_looks_through_labels_notes_and_numbers()
    {
        FeatureSpace space = WriteSpace();
        var labels = new Dictionary<int, LabelEntry>
        {
            [3] = new() { Latent = 3, Label = "Time zones" },
            [5] = new() { Latent = 5, Note = "about time" },
        };
        FeatureSelection.Select(space, new FeatureQuery { Search = "time" }, labels).ShouldBe([3, 5], ignoreOrder: true);
        FeatureSelection.Select(space, new FeatureQuery { Search = "#7" }, labels).ShouldContain(7);
    }

    [Fact]
    public void A_query_comes_back_from_its_address()
    {
        var query = new FeatureQuery
        {
            Search = "a & b", Sort = FeatureSort.Density, Ascending = true, DensityFrom = 0.01, DensityTo = 5, MaximumFrom = 2, HideDead = true, Starred = true,
        };
        FeatureQuery.Parse("http://localhost/features" + query.ToQueryString()).ShouldBe(query);
    }

    [Fact]
    public void A_malformed_address_is_read_as_the_default()
    {
        FeatureQuery.Parse("http://localhost/features?sort=-nonsense&density-from=NaN&max-from=x&only=what").ShouldBe(new FeatureQuery());
    }
}
