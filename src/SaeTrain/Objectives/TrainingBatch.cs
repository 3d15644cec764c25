using static TorchSharp.torch;
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

    /// <summary>The batch on a device: itself where it is there already.</summary>
    public TrainingBatch On(Device device)
    {
        if (device.type == Input.device_type)
        {
            return this;
        }

        Tensor input = Input.to(device);
        return new TrainingBatch(input, ReferenceEquals(Input, Target) ? input : Target.to(device));
    }
}
