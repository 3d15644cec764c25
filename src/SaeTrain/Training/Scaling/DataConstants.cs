using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training.Scaling;

/// <summary>Numbers that a recipe takes from the data at the start and keeps.</summary>
/// <param name="InputScale">Factor of encoded activations in training; folded into the weights that are saved for inference.</param>
/// <param name="OutputScale">Factor of reconstructed activations; where rows are reconstructed from themselves, it is the other one too.</param>
/// <param name="ErrorScale">Factor that makes the mean squared error a share of the variance, where the recipe uses one.</param>
internal sealed record DataConstants(double InputScale = 1, double OutputScale = 1, double ErrorScale = 1)
{
    /// <summary>Factors of the hooks of rows that hold several side by side, in their order; empty where there are none.</summary>
    public IReadOnlyList<HookScale> HookScales { get; init; } = [];

    /// <summary>Whether activations are used as harvested.</summary>
    public bool LeavesRowsAlone => InputScale == 1 && OutputScale == 1 && HookScales.Count == 0;

    /// <summary>Scales a batch in place.</summary>
    public void Scale(TrainingBatch batch)
    {
        using var noGradient = no_grad();
        Scale(batch.Input, InputScale);
        if (!ReferenceEquals(batch.Input, batch.Target))
        {
            Scale(batch.Target, OutputScale);
        }
    }

    /// <summary>Scales the mean of reconstructed rows [d_out] in place, and returns it.</summary>
    public Tensor ScaleMean(Tensor mean)
    {
        using var noGradient = no_grad();
        Scale(mean, OutputScale);
        return mean;
    }

    private void Scale(Tensor rows, double factor)
    {
        if (factor != 1)
        {
            rows.mul_(factor);
        }

        int first = 0;
        foreach (HookScale hook in HookScales)
        {
            using Tensor part = rows.narrow(-1, first, hook.Width);
            part.mul_(hook.Factor);
            first += hook.Width;
        }
    }
}
