using Workbench.SaeTrain.Fused.Encoding;

namespace Workbench.SaeTrain.Fused.Activations;

/// <summary>Latents of a top-k rule: chosen pre-activations, which are positive.</summary>
/// <remarks>
/// A rule that chooses in units of the decoder row's norm divides by the norm again before it decodes, so value and gradient are those
/// of the bare pre-activation.
/// </remarks>
internal sealed unsafe class RectifiedLatents : LatentActivation
{
    public override int Activate(in RowSlice row)
    {
        new ReadOnlySpan<float>(row.PreActivations, row.Count).CopyTo(new Span<float>(row.Values, row.Count));
        return row.Count;
    }
}
