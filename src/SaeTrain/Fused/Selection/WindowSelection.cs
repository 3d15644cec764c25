using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused.Selection;

/// <summary>
/// Entries above their latent's threshold, and those that a threshold's gradient needs to know: the closed ones within half a
/// bandwidth below it, or, where these are most, the closed ones beyond.
/// </summary>
/// <remarks>
/// A scan adds what it compares with to the bias, which rounds differently, so it is a little generous, and each find is looked at
/// again.
/// </remarks>
/// <param name="kernels">Kernels.</param>
/// <param name="window">The rule of thresholds.</param>
/// <param name="latents">Number of latents.</param>
/// <param name="mayInvert">Whether entries beyond the window may be taken in place of those within.</param>
internal sealed unsafe class WindowSelection<TElement>(FusedKernels kernels, ThresholdWindow window, int latents, bool mayInvert) : LatentSelection, IDisposable
    where TElement : IElement
{
    private const float Slack = 2e-6f;
    private const int PreviewRows = 8;

    private readonly NativeBuffer<float> _shifted = new(latents);
    private float _limit;
    private bool _decided;

    public override int Scratch => 2048;

    public override void Begin(int rows)
    {
        _decided = false;
    }

    public override void Preview(in ScannedRow first, int rows, long stride)
    {
        if (_decided)
        {
            return;
        }

        long within = 0;
        long beyond = 0;
        int sample = Math.Min(rows, PreviewRows);
        for (int row = 0; row < sample; row++)
        {
            ScannedRow scanned = first;
            scanned.Product = (byte*)first.Product + (row * stride);
            for (int latent = 0; latent < latents; latent++)
            {
                float preActivation = PreActivation<TElement>(scanned, latent);
                if (!window.IsOpen(preActivation, latent))
                {
                    _ = window.Holds(preActivation, latent) ? within++ : beyond++;
                }
            }
        }

        window.IsInverted = mayInvert && beyond < within;
        Shift(first.Bias);
        _decided = true;
    }

    public override void Choose(in ScannedRow row, EntryPart part)
    {
        ScannedRow shifted = row;
        shifted.Bias = _shifted.Pointer;
        int column = 0;
        while (column < row.Latents)
        {
            int count = window.IsInverted
                ? kernels.Scan<TElement, DistanceScore>(shifted, _limit, ref column, part.Found.Pointer, part.Scratch)
                : kernels.Scan<TElement, PlainScore>(shifted, _limit, ref column, part.Found.Pointer, part.Scratch);
            Add(row, part, count);
        }
    }

    public void Dispose()
    {
        _shifted.Dispose();
    }

    private void Add(in ScannedRow row, EntryPart part, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int latent = part.Found.Pointer[i];
            float preActivation = PreActivation<TElement>(row, latent);
            if (window.IsOpen(preActivation, latent) || window.Holds(preActivation, latent) != window.IsInverted)
            {
                part.Add(latent, preActivation);
            }
        }
    }

    private void Shift(float* bias)
    {
        float half = window.Bandwidth / 2;
        _limit = window.IsInverted ? half / 2 * (1 - Slack) : 0;
        for (int latent = 0; latent < latents; latent++)
        {
            float threshold = window.Thresholds[latent];
            float margin = Slack * (MathF.Abs(threshold) + half + MathF.Abs(bias[latent]));
            _shifted.Pointer[latent] = window.IsInverted ? bias[latent] - (threshold - (half / 2)) : bias[latent] - (threshold - half) + margin;
            _limit = window.IsInverted ? MathF.Min(_limit, (half / 2) - margin) : 0;
        }
    }
}
