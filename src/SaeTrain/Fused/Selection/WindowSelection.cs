using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused.Selection;

/// <summary>Entries above their latent's threshold, and those below it by less than half a bandwidth, where a threshold's gradient comes from.</summary>
internal sealed unsafe class WindowSelection<TElement>(FusedKernels kernels, int latents, float halfWidth) : LatentSelection, IDisposable
    where TElement : IElement
{
    private const float Slack = 1e-6f;

    private readonly NativeBuffer<float> _floors = new(latents);
    private readonly NativeBuffer<float> _shifted = new(latents);

    public override int Scratch => 2048;

    /// <summary>Takes the thresholds and biases of this step.</summary>
    public void Set(float* thresholds, float* bias)
    {
        for (int latent = 0; latent < latents; latent++)
        {
            float floor = MathF.Min(thresholds[latent], thresholds[latent] - halfWidth);
            _floors.Pointer[latent] = floor;
            _shifted.Pointer[latent] = bias[latent] - floor + (Slack * (MathF.Abs(floor) + MathF.Abs(bias[latent])));
        }
    }

    /// <remarks>The scan adds what it compares with to the bias, which rounds differently, so it is a little generous and each find is looked at again.</remarks>
    public override void Choose(in ScannedRow row, EntryPart part)
    {
        ScannedRow shifted = row with { Bias = _shifted.Pointer };
        int column = 0;
        while (column < row.Latents)
        {
            int count = kernels.Scan<TElement, PlainScore>(shifted, 0, ref column, part.Found.Pointer, part.Scratch);
            for (int i = 0; i < count; i++)
            {
                int latent = part.Found.Pointer[i];
                float preActivation = PreActivation<TElement>(row, latent);
                if (preActivation > _floors.Pointer[latent])
                {
                    part.Add(latent, preActivation);
                }
            }
        }
    }

    public void Dispose()
    {
        _floors.Dispose();
        _shifted.Dispose();
    }
}
