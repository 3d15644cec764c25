using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>Counts for each latent the steps since it last fired.</summary>
internal sealed class FiringCounters
{
    private readonly bool[] _fired;

    public FiringCounters(int latents)
    {
        Steps = new long[latents];
        _fired = new bool[latents];
    }

    /// <summary>Steps since each latent fired.</summary>
    public long[] Steps { get; }

    /// <summary>Advances the counts by one batch.</summary>
    /// <param name="indices">Picked latents [rows, k], int64.</param>
    /// <param name="values">Their values [rows, k].</param>
    /// <param name="above">A picked latent fired where its value is above this.</param>
    /// <param name="afterFiring">The count of a latent that fired in this batch.</param>
    /// <returns>Mean number of picked values above zero in a row.</returns>
    public double Count(Tensor indices, Tensor values, float above, long afterFiring)
    {
        using var scope = NewDisposeScope();
        ReadOnlySpan<long> latents = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(indices.cpu().contiguous().bytes);
        ReadOnlySpan<float> picked = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(values.detach().cpu().contiguous().bytes);
        Array.Clear(_fired);
        long on = 0;
        for (int i = 0; i < latents.Length; i++)
        {
            on += picked[i] > 0 ? 1 : 0;
            if (picked[i] > above)
            {
                _fired[latents[i]] = true;
            }
        }

        for (int latent = 0; latent < Steps.Length; latent++)
        {
            Steps[latent] = _fired[latent] ? afterFiring : Steps[latent] + 1;
        }

        return on / (double)indices.shape[0];
    }

    /// <summary>Latents whose count is above the window, ascending.</summary>
    public long[] Silent(long window)
    {
        var silent = new List<long>();
        for (int latent = 0; latent < Steps.Length; latent++)
        {
            if (Steps[latent] > window)
            {
                silent.Add(latent);
            }
        }

        return [.. silent];
    }
}
