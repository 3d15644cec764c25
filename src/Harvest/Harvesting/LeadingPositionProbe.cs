using System.Numerics.Tensors;
using Workbench.Text.Corpora;

namespace Workbench.Harvest.Harvesting;

/// <summary>
/// Finds out whether the first position of a sequence is an attention sink, whose norm would dominate every mean: it is where,
/// over the first windows of the corpus, the median norm at position 0 is more than eight times the median norm elsewhere, at any
/// of the hooks.
/// </summary>
internal static class LeadingPositionProbe
{
    private const int Windows = 32;
    private const double SinkRatio = 8;

    public static int ExcludedLeading(TextWindows windows, ActivationCapture capture, IReadOnlyList<int> widths, CancellationToken cancellation)
    {
        HarvestSequence[] batch = Sequences(windows);
        if (batch.Length == 0)
        {
            return 0;
        }

        capture.Run(batch, null, cancellation);
        return Enumerable.Range(0, widths.Count).Any(hook => IsSink(batch, capture, hook, widths[hook])) ? 1 : 0;
    }

    private static HarvestSequence[] Sequences(TextWindows windows)
    {
        long row = 0;
        var sequences = new List<HarvestSequence>();
        foreach (TextWindow window in windows.All().Where(window => window.Tokens.Length > 1).Take(Windows))
        {
            sequences.Add(new HarvestSequence(sequences.Count, window.Document, window.Tokens, row, KeptFrom: 0));
            row += window.Tokens.Length;
        }

        return [.. sequences];
    }

    private static bool IsSink(HarvestSequence[] batch, ActivationCapture capture, int hook, int width)
    {
        ReadOnlySpan<float> values = capture.Values(hook, (int)batch[^1].EndRow);
        var first = new List<float>();
        var others = new List<float>();
        foreach (HarvestSequence sequence in batch)
        {
            for (int position = 0; position < sequence.Rows; position++)
            {
                int start = ((int)sequence.FirstRow + position) * width;
                (position == 0 ? first : others).Add(TensorPrimitives.Norm(values.Slice(start, width)));
            }
        }

        return Median(first) > SinkRatio * Median(others);
    }

    private static float Median(List<float> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
