using TorchSharp;
using Workbench.SaeTrain.Objectives;

namespace Workbench.SaeTrain.Training;

/// <summary>Numbers that a recipe takes from the data at the start and keeps.</summary>
/// <param name="InputScale">Factor of encoded activations in training; folded into the weights that are saved for inference.</param>
/// <param name="OutputScale">Factor of reconstructed activations.</param>
/// <param name="ErrorScale">Factor that makes the mean squared error a share of the variance, where the recipe uses one.</param>
internal sealed record DataConstants(double InputScale = 1, double OutputScale = 1, double ErrorScale = 1)
{
    /// <summary>Scales a batch in place.</summary>
    public void Scale(TrainingBatch batch)
    {
        if (InputScale != 1)
        {
            batch.Input.mul_((float)InputScale);
        }

        if (OutputScale != 1 && !ReferenceEquals(batch.Input, batch.Target))
        {
            batch.Target.mul_((float)OutputScale);
        }
    }
}
