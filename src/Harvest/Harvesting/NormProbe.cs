using System.Numerics.Tensors;
using Workbench.Activations;
using Workbench.Text.Windows;

namespace Workbench.Harvest.Harvesting;

/// <summary>The norms of every hook at every position of the first windows of a corpus, from which what the request leaves open is settled.</summary>
internal sealed class NormProbe
{
    private const int Windows = 32;
    private const double SinkRatio = 8;

    private readonly HarvestSequence[] _sequences;
    private readonly float[][] _norms;

    private NormProbe(HarvestSequence[] sequences, float[][] norms)
    {
        _sequences = sequences;
        _norms = norms;
    }

    public static NormProbe Run(TextWindows windows, ActivationCapture capture, IReadOnlyList<int> widths, CancellationToken cancellation)
    {
        HarvestSequence[] sequences = HarvestSequence.Placed(windows.All()
            .Where(window => window.Tokens.Length > 1)
            .Take(Windows)
            .Select(window => new HarvestSequence(0, window.Parts, window.Tokens, 0, [.. Enumerable.Range(0, window.Tokens.Length)])));
        if (sequences.Length == 0)
        {
            return new NormProbe(sequences, [.. widths.Select(_ => Array.Empty<float>())]);
        }

        capture.Run(sequences, null, cancellation);
        return new NormProbe(sequences, [.. widths.Select((width, hook) => Norms(capture.Values(hook, (int)sequences[^1].EndRow), width))]);
    }

    /// <summary>
    /// 1 where the first position of a sequence is an attention sink, whose norm would dominate every mean: its median norm is more
    /// than eight times the median norm elsewhere, at any of the hooks. Else 0.
    /// </summary>
    public int ExcludedLeading()
    {
        return _sequences.Length > 0 && _norms.Any(norms =>
            Median(norms, sequence => [0]) > SinkRatio * Median(norms, sequence => [.. Enumerable.Range(1, sequence.Tokens.Length - 1)])) ? 1 : 0;
    }

    /// <summary>The median norm by hook over the positions that may give a row.</summary>
    /// <exception cref="WorkbenchException">No position may.</exception>
    public double[] Medians(PositionFilter filter)
    {
        return [.. _norms.Select(norms => Median(norms, sequence => filter.Kept(sequence.Tokens)))];
    }

    private double Median(float[] norms, Func<HarvestSequence, int[]> positions)
    {
        float[] chosen = [.. _sequences.SelectMany(sequence => positions(sequence).Select(position => norms[sequence.FirstRow + position]))];
        return chosen.Length > 0
            ? ActivationStatistics.Median(chosen)
            : throw new WorkbenchException($"The first {_sequences.Length} windows of the corpus have no position to take a median norm of; leave out --max-norm-multiple, or exclude less.");
    }

    private static float[] Norms(ReadOnlySpan<float> values, int width)
    {
        float[] norms = new float[values.Length / width];
        for (int row = 0; row < norms.Length; row++)
        {
            norms[row] = TensorPrimitives.Norm(values.Slice(row * width, width));
        }

        return norms;
    }
}
