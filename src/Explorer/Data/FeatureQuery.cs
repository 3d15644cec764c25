using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Workbench.Explorer.Data;

/// <summary>What a feature table shows and in which order; its text form is the query of the page's address.</summary>
public sealed record FeatureQuery
{
    public string Search { get; init; } = string.Empty;

    public FeatureSort Sort { get; init; } = FeatureSort.Maximum;

    public bool Ascending { get; init; }

    /// <summary>Least density in percent.</summary>
    public double? DensityFrom { get; init; }

    /// <summary>Largest density in percent.</summary>
    public double? DensityTo { get; init; }

    /// <summary>Least maximum activation.</summary>
    public double? MaximumFrom { get; init; }

    public bool HideDead { get; init; }

    public bool HideDense { get; init; }

    public bool HideDuplicates { get; init; }

    public bool Labelled { get; init; }

    public bool Starred { get; init; }

    /// <summary>Reads the query of an address; what is malformed counts as absent.</summary>
    public static FeatureQuery Parse(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string Text(string name) => query.TryGetValue(name, out var value) ? value.ToString() : string.Empty;
        double? Number(string name) =>
            double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;
        string[] only = Text("only").Split(',');
        string sort = Text("sort");
        return new FeatureQuery
        {
            Search = Text("q"),
            Sort = Enum.TryParse(sort.TrimStart('-'), ignoreCase: true, out FeatureSort parsed) && Enum.IsDefined(parsed) ? parsed : FeatureSort.Maximum,
            Ascending = sort.Length > 0 && sort[0] != '-',
            DensityFrom = Number("density-from"),
            DensityTo = Number("density-to"),
            MaximumFrom = Number("max-from"),
            HideDead = only.Contains("alive"),
            HideDense = only.Contains("sparse"),
            HideDuplicates = only.Contains("unique"),
            Labelled = only.Contains("labelled"),
            Starred = only.Contains("starred"),
        };
    }

    /// <summary>The address's query, without what is at its default.</summary>
    public string ToQueryString()
    {
        var parts = new Dictionary<string, string?>();
        void Put(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                parts[name] = value;
            }
        }

        static string? Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);
        string sort = (Ascending ? string.Empty : "-") + Sort.ToString().ToLowerInvariant();
        Put("q", Search);
        Put("sort", sort == "-maximum" ? null : sort);
        Put("density-from", Text(DensityFrom));
        Put("density-to", Text(DensityTo));
        Put("max-from", Text(MaximumFrom));
        (bool On, string Name)[] only =
            [(HideDead, "alive"), (HideDense, "sparse"), (HideDuplicates, "unique"), (Labelled, "labelled"), (Starred, "starred")];
        Put("only", string.Join(',', only.Where(o => o.On).Select(o => o.Name)));
        return QueryHelpers.AddQueryString(string.Empty, parts);
    }
}
