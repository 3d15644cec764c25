using Workbench.Explorer.Models;
using Workbench.Features;

namespace Workbench.Explorer.Data;

/// <summary>The document label that sets the top examples of a feature apart most from all documents.</summary>
public sealed record TopLabel(string Name, string Text, double Share, int Count, int Total, double Base)
{
    /// <summary>What the share is a share of.</summary>
    public string Explanation => $"{Name} is {Text} in {Count} of the {Total} top examples and in {Show.Percent(Base)} of all documents";

    /// <summary>The label of the largest share · log(share / share of all documents); null where documents carry none.</summary>
    public static TopLabel? Of(FeatureSpace space, int latent)
    {
        FeatureExampleGroup top = space.Index.Examples(latent)[0];
        var labels = top.Examples
            .Select(example => space.Document(example.Document)?.Labels)
            .OfType<IReadOnlyDictionary<string, string>>()
            .ToList();
        return labels.SelectMany(pairs => pairs)
            .Where(pair => pair.Value.Length > 0)
            .GroupBy(pair => pair)
            .Select(group => new TopLabel(
                group.Key.Key, group.Key.Value, (double)group.Count() / labels.Count, group.Count(), labels.Count, space.LabelShare(group.Key.Key, group.Key.Value)))
            .MaxBy(label => label.Share * Math.Log(label.Share / label.Base));
    }
}
