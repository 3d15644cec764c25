using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>Losses of one pass, summed over the counted positions of a batch, in nats.</summary>
/// <param name="CrossEntropy">Sum of the next token's cross-entropy, where the current token is counted and has a next one.</param>
/// <param name="CrossEntropyPositions">The number of such positions.</param>
/// <param name="CrossEntropyEverywhere">The same sum over every position that has a next token.</param>
/// <param name="PositionsEverywhere">The number of those.</param>
/// <param name="Divergence">Sum of KL(clean || this pass) over counted positions, the last ones included.</param>
/// <param name="DivergencePositions">The number of counted positions.</param>
internal sealed record PositionLosses(
    double CrossEntropy, long CrossEntropyPositions, double CrossEntropyEverywhere, long PositionsEverywhere, double Divergence, long DivergencePositions)
{
    private const int RowsPerStep = 256;

    /// <summary>Compares the logits of a pass with the clean ones.</summary>
    /// <param name="logits">[batch, seq, vocabulary].</param>
    /// <param name="clean">The clean logits, of the same shape; null where the divergence is not wanted.</param>
    /// <param name="batch">Which positions there are and which count.</param>
    public static PositionLosses Of(Tensor logits, Tensor? clean, TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        long vocabulary = logits.shape[^1];
        Tensor flat = logits.reshape(-1, vocabulary);
        Tensor? flatClean = clean?.reshape(-1, vocabulary);
        double counted = 0;
        double everywhere = 0;
        double divergence = 0;
        long[] next = batch.NextTokens;
        for (int first = 0; first < next.Length; first += RowsPerStep)
        {
            using var step = NewDisposeScope();
            int rows = Math.Min(RowsPerStep, next.Length - first);
            Tensor own = flat.narrow(0, first, rows).log_softmax(1);
            Tensor targets = tensor(Array.ConvertAll(next[first..(first + rows)], token => Math.Max(0, token)), device: logits.device);
            double[] losses = Values(own.gather(1, targets.unsqueeze(1)).squeeze(1).neg());
            double[]? divergences = flatClean is null ? null : Values(Kullback(flatClean.narrow(0, first, rows), own));
            for (int row = 0; row < rows; row++)
            {
                bool hasNext = next[first + row] >= 0;
                bool counts = batch.Counted[first + row];
                everywhere += hasNext ? losses[row] : 0;
                counted += hasNext && counts ? losses[row] : 0;
                divergence += counts && divergences is not null ? divergences[row] : 0;
            }
        }

        return new PositionLosses(
            counted, batch.CountedWithNext, everywhere, next.LongCount(token => token >= 0), divergence, batch.Counted.LongCount(counts => counts));
    }

    private static Tensor Kullback(Tensor clean, Tensor other)
    {
        Tensor reference = clean.log_softmax(1);
        return (reference.exp() * (reference - other)).sum(1);
    }

    private static double[] Values(Tensor rows)
    {
        return MemoryMarshal.Cast<byte, double>(rows.to(ScalarType.Float64).cpu().bytes).ToArray();
    }
}
