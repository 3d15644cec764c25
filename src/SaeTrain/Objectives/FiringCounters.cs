using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>Counts for each latent the steps, or the tokens, since it last fired.</summary>
internal sealed class FiringCounters(int latents, Device device) : IDisposable
{
    /// <summary>The counts [n], int64, on the device of training.</summary>
    public Tensor Since { get; } = zeros(latents, ScalarType.Int64, device).DetachFromDisposeScope();

    /// <summary>Advances the counts by one batch.</summary>
    /// <param name="fired">Whether each latent fired in the batch [n], bool.</param>
    /// <param name="amount">What a batch adds: 1 where steps are counted, its rows where tokens are.</param>
    /// <param name="afterFiring">The count of a latent that fired in this batch.</param>
    public void Count(Tensor fired, long amount, long afterFiring)
    {
        using var noGradient = no_grad();
        Since.add_(amount).masked_fill_(fired, afterFiring);
    }

    /// <summary>Latents whose count is above a window: int64 [m], ascending.</summary>
    public Tensor Above(long window)
    {
        return Since.gt(window).nonzero().squeeze(1);
    }

    /// <summary>Latents whose count has reached a window: int64 [m], ascending.</summary>
    public Tensor AtLeast(long window)
    {
        return Since.ge(window).nonzero().squeeze(1);
    }

    /// <summary>Which latents occur among picks whose value is above a bound: bool [n].</summary>
    /// <param name="indices">Picked latents, int64, of any shape.</param>
    /// <param name="values">Their values, of the same shape.</param>
    /// <param name="above">The bound.</param>
    public Tensor Fired(Tensor indices, Tensor values, double above)
    {
        using var noGradient = no_grad();
        Tensor counts = zeros(Since.shape[0], device: Since.device);
        return counts.index_add_(0, indices.reshape(-1), values.detach().gt(above).to(ScalarType.Float32).reshape(-1), 1.0).gt(0.0);
    }

    public void Dispose()
    {
        Since.Dispose();
    }
}
