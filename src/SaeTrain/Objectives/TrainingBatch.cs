using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>The activations of one step.</summary>
/// <param name="Input">What is encoded [rows, d_in], float32.</param>
/// <param name="Target">What is reconstructed [rows, d_out], float32: the input itself, except for transcoders.</param>
internal readonly record struct TrainingBatch(Tensor Input, Tensor Target)
{
    /// <summary>A batch whose rows are reconstructed from themselves.</summary>
    public TrainingBatch(Tensor rows)
        : this(rows, rows)
    {
    }

    public int Rows => (int)Input.shape[0];
}
