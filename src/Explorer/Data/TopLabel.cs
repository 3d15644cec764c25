using Workbench.Features;

namespace Workbench.Explorer.Data;

/// <summary>The document label that the top examples of a feature share most.</summary>
public sealed record TopLabel(string Name, string Text, double Share, int Count, int Total)
{
    /// <summary>What the share is a share of.</summary>
    public string Explanation => $"{Name} is {Text} in {Count} of the {Total} top examples";

    /// <summary>The most specific label among the most shared ones; null where documents carry none.</summary>
    public static TopLabel? Of(FeatureSpace space, int latent)
    {
        FeatureExampleGroup top = space.Index.Examples(latent)[0];
        var labels = top.Examples
            .Select(example => space.Document(example.Document)?.Labels)
            .OfType<IReadOnlyDictionary<string, string>>()
            .ToList();
        var best = labels.SelectMany(pairs => pairs)
            .Where(pair => pair.Value.Length > 0)
            .GroupBy(pair => pair)
            .OrderByDescending(group => group.Count())
            .ThenByDescending(group => group.Key.Value.Length)
            .FirstOrDefault();
        return best is null ? null : new TopLabel(best.Key.Key, best.Key.Value, (double)best.Count() / labels.Count, best.Count(), labels.Count);
    }
}
