using Workbench.SaeTrain.Fused.Activations;
using Workbench.SaeTrain.Fused.Penalties;
using Workbench.SaeTrain.Fused.Selection;

namespace Workbench.SaeTrain.Fused.Gradients;

/// <summary>Adds to a threshold's gradient what all rows together contribute where entries beyond the window were chosen.</summary>
internal sealed unsafe class JumpReluGradients(
    FusedContext context, DecodePass decoded, ThresholdWindow window, JumpReluPenalty penalty, JumpReluActivation activation)
    : LatentGradients(context, decoded)
{
    private readonly float* _norms = context.Norms;
    private float[] _total = [];

    public override void Begin()
    {
        base.Begin();
        _total = [.. Decoded.BiasGradient.Select(value => (float)value)];
    }

    protected override float ThresholdGradient(int latent, in FusedWeights weights)
    {
        float entries = EntryThreshold[latent];
        if (!window.IsInverted)
        {
            return entries;
        }

        fixed (float* total = _total)
        {
            float values = Kernels.Dot(total, weights.Decoder.Weights + ((long)latent * Width), Width) + (BatchRows * penalty.ClosedPull(_norms[latent], BatchRows));
            return entries - (((window.Thresholds[latent] * values) + (float)activation.StepPulls) / window.Bandwidth);
        }
    }
}
