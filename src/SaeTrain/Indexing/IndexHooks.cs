using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Models;

namespace Workbench.SaeTrain.Indexing;

/// <summary>What an index says of the hooks of its dictionary.</summary>
internal static class IndexHooks
{
    /// <summary>The hooks of a dictionary of several, with the mean norms that the harvest's statistics give; null for one of a single hook.</summary>
    public static IReadOnlyList<IndexedHook>? Of(AttachedDictionary dictionary, Harvest harvest)
    {
        JoinedHooks reads = dictionary.Reads;
        return reads.Count == 1 ? null : [.. reads.Points.Zip(reads.Widths, (point, width) => new IndexedHook(point.Name, width, MeanNorm(harvest, point.Name)))];
    }

    /// <summary>How many logit effects a latent has, and by which formula; or none, and why.</summary>
    public static (int Count, string Formula) Logits(AttachedDictionary dictionary)
    {
        if (dictionary.Writes is not { } writes)
        {
            return (0, $"none: the dictionary writes to '{dictionary.Dictionary.Outputs[0].Hook}', which is no hook point here");
        }

        if (LogitEffects.Hook(dictionary) is not { } hook)
        {
            return (0, DirectEffect.WhyNone(writes.Points[0]));
        }

        string formula = DirectEffect.Formula(writes.Points[hook])!;
        return (LogitEffects.Count, writes.Count == 1 ? formula : $"of the direction at {writes.Points[hook]}: {formula}");
    }

    private static double? MeanNorm(Harvest harvest, string hook)
    {
        return harvest.Info.Hooks.Any(held => held.Name == hook) && File.Exists(Path.Combine(harvest.Folder, HarvestStatistics.FileName))
            ? harvest.Statistics(hook).MeanNorm
            : null;
    }
}
