using System.Globalization;
using Workbench.Explorer.Catalog;
using Workbench.Features;

namespace Workbench.Explorer.Data;

/// <summary>Applies a query to a space: the latents to show, in order.</summary>
public static class FeatureSelection
{
    private const double Percent = 100;

    public static int[] Select(FeatureSpace space, FeatureQuery query, IReadOnlyDictionary<int, LabelEntry> labels)
    {
        FeatureIndex index = space.Index;
        ReadOnlySpan<long> counts = index.FireCount;
        ReadOnlySpan<float> maxima = index.Max;
        double rows = Math.Max(1, index.Info.Rows);
        Func<int, bool>? matches = Matcher(space, query.Search.Trim(), labels);
        FeatureFlags hidden = Hidden(query);
        var chosen = new List<int>(index.Latents);
        for (int latent = 0; latent < index.Latents; latent++)
        {
            double density = counts[latent] / rows * Percent;
            if ((query.DensityFrom is { } from && density < from)
                || (query.DensityTo is { } to && density > to)
                || (query.MaximumFrom is { } least && maxima[latent] < least)
                || (hidden != 0 && (index.Flags(latent) & hidden) != 0)
                || (query.Labelled && labels.GetValueOrDefault(latent) is not { Label.Length: > 0 })
                || (query.Starred && labels.GetValueOrDefault(latent) is not { Starred: true })
                || (matches is not null && !matches(latent)))
            {
                continue;
            }

            chosen.Add(latent);
        }

        int[] order = [.. chosen];
        Order(space, query, labels, order);
        return order;
    }

    private static FeatureFlags Hidden(FeatureQuery query)
    {
        return (query.HideDead ? FeatureFlags.Dead : 0)
            | (query.HideDense ? FeatureFlags.Dense : 0)
            | (query.HideDuplicates ? FeatureFlags.Duplicate : 0);
    }

    private static Func<int, bool>? Matcher(FeatureSpace space, string text, IReadOnlyDictionary<int, LabelEntry> labels)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (int.TryParse(text.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out int wanted))
        {
            return latent => latent == wanted || Says(latent);
        }

        return Says;

        bool Says(int latent)
        {
            return Contains(space.TokenText(space.Index.TopToken[latent]))
                || Contains(space.TokenText(space.TopLogits[latent]))
                || (labels.TryGetValue(latent, out LabelEntry? entry) && (Contains(entry.Label) || Contains(entry.Note)));
        }

        bool Contains(string where)
        {
            return where.Contains(text, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static void Order(FeatureSpace space, FeatureQuery query, IReadOnlyDictionary<int, LabelEntry> labels, int[] order)
    {
        FeatureIndex index = space.Index;
        switch (query.Sort)
        {
            case FeatureSort.Latent:
                break;
            case FeatureSort.Label:
                SortBy(order, latent => labels.GetValueOrDefault(latent)?.Label is { Length: > 0 } label ? label : "\uffff", StringComparer.OrdinalIgnoreCase);
                break;
            case FeatureSort.Token:
                SortBy(order, latent => space.TokenText(index.TopToken[latent]).Trim(), StringComparer.OrdinalIgnoreCase);
                break;
            case FeatureSort.Logit:
                SortBy(order, latent => space.TokenText(space.TopLogits[latent]).Trim(), StringComparer.OrdinalIgnoreCase);
                break;
            default:
                SortBy(order, latent => Value(index, query.Sort, latent), Comparer<double>.Default);
                break;
        }

        if (!query.Ascending)
        {
            order.AsSpan().Reverse();
        }
    }

    private static double Value(FeatureIndex index, FeatureSort sort, int latent)
    {
        return sort switch
        {
            FeatureSort.Density => index.FireCount[latent],
            FeatureSort.Mean => index.FireCount[latent] == 0 ? 0 : index.Sum[latent] / index.FireCount[latent],
            FeatureSort.Norm => index.DecoderNorm[latent],
            FeatureSort.Hook => index.HookShares(latent).Select(share => share.Share).DefaultIfEmpty().Max(),
            _ => index.Max[latent],
        };
    }

    private static void SortBy<TKey>(int[] order, Func<int, TKey> key, IComparer<TKey> comparer)
    {
        TKey[] keys = [.. order.Select(key)];
        int[] sorted = [.. order.Index().OrderBy(entry => keys[entry.Index], comparer).Select(entry => entry.Item)];
        sorted.CopyTo(order, 0);
    }
}
