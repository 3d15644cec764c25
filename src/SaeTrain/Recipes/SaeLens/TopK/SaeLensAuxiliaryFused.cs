using Workbench.SaeTrain.Fused;
using Workbench.SaeTrain.Fused.Dead;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.SaeLens.TopK;

/// <summary>
/// SAELens' auxiliary reconstruction: dead latents, without bias or ReLU, reconstruct what the living left over. The latents are those
/// that the step's extra gradients were begun with, or a range of them.
/// </summary>
internal sealed class SaeLensAuxiliaryFused(FusedContext context, double coefficient, bool scaled)
{
    private readonly int _most = Math.Max(1, context.Width / 2);
    private readonly DeadReconstruction _dead = new(context, Math.Max(1, context.Width / 2), scaled);

    /// <summary>Adds the gradients of all extra latents on the whole reconstruction's error, and returns the loss.</summary>
    public double Whole(DecodePass decoded)
    {
        int last = decoded.Squares.Length - 1;
        return Range(0, context.Extra.Latents.Length, (first, rows) => decoded.Residual(last, first, rows));
    }

    /// <summary>The same, level by level: the latents that a prefix adds on the error of the prefix' reconstruction.</summary>
    public double Levels(DecodePass decoded, IReadOnlyList<int> prefixes)
    {
        double loss = 0;
        int begin = 0;
        for (int level = 0; level < prefixes.Count; level++)
        {
            int end = begin;
            while (end < context.Extra.Latents.Length && context.Extra.Latents[end] < prefixes[level])
            {
                end++;
            }

            int plane = level;
            loss += Range(begin, end - begin, (first, rows) => decoded.Residual(plane, first, rows));
            begin = end;
        }

        return loss;
    }

    private double Range(int first, int count, Func<long, long, Tensor> residual)
    {
        if (count == 0)
        {
            return 0;
        }

        double weight = coefficient * Math.Min(count / (double)_most, 1) / context.Entries.Rows;
        return weight * _dead.Add(first, count, residual, weight, bias: null);
    }
}
