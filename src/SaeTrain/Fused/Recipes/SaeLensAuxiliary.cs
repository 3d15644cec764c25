namespace Workbench.SaeTrain.Fused.Recipes;

/// <summary>
/// SAELens' auxiliary reconstruction: dead latents, without bias or ReLU, reconstruct what the living left over. The latents are those
/// that the step's extra gradients were begun with.
/// </summary>
internal sealed class SaeLensAuxiliary(FusedContext context, double coefficient, bool scaled)
{
    private readonly int _most = Math.Max(1, context.Width / 2);
    private readonly DeadReconstruction _dead = new(context, Math.Max(1, context.Width / 2), scaled);

    /// <summary>Adds the gradients and returns the loss.</summary>
    public double Add(int rows, DecodePass decoded)
    {
        int count = context.Extra.Latents.Length;
        if (count == 0)
        {
            return 0;
        }

        double weight = coefficient * Math.Min(count / (double)_most, 1) / rows;
        return weight * _dead.Add(0, count, (first, some) => Residuals.Whole(decoded, first, some), weight, bias: null);
    }
}
