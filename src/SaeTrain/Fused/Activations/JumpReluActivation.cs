using Workbench.SaeTrain.Fused.Encoding;
using Workbench.SaeTrain.Fused.Gradients;
using Workbench.SaeTrain.Fused.Penalties;
using Workbench.SaeTrain.Fused.Selection;

namespace Workbench.SaeTrain.Fused.Activations;

/// <summary>
/// JumpReLU with straight-through gradients of its thresholds. The gradient of threshold j is
/// <c>-(θ_j / ε) S_j - (1 / ε) T_j</c>, where S sums the gradients of z, and T those of the step function, over the rows within the window.
/// </summary>
/// <remarks>
/// Where the chosen closed entries are those beyond the window, S and T are sums over all rows, which need no entries, less what these
/// and open entries contribute otherwise.
/// </remarks>
internal sealed unsafe class JumpReluActivation(FusedContext context, ThresholdWindow window, JumpReluPenalty penalty, bool toInput) : LatentActivation, IDisposable
{
    private readonly NativeBuffer<float> _thresholdPulls = new();
    private readonly NativeBuffer<float> _normPulls = new();
    private readonly NativeBuffer<double> _charges = new();
    private readonly NativeBuffer<float> _stepPulls = new();
    private RowEntries? _entries;

    /// <summary>The penalty of the batch, coefficient included.</summary>
    public double Charge { get; private set; }

    /// <summary>Where entries beyond the window were chosen: the sum over all rows of the step function's gradient.</summary>
    public double StepPulls { get; private set; }

    public override void Begin(RowEntries entries)
    {
        _entries = entries;
        _thresholdPulls.Require(entries.Count);
        _normPulls.Require(entries.Count);
        _charges.Require(entries.Rows);
        _stepPulls.Require(entries.Rows);
    }

    public override int Activate(in RowSlice row)
    {
        int active = 0;
        for (int entry = 0; entry < row.Count; entry++)
        {
            row.Values[entry] = 0;
            if (window.IsOpen(row.PreActivations[entry], row.Latents[entry]))
            {
                (row.PreActivations[entry], row.PreActivations[active]) = (row.PreActivations[active], row.PreActivations[entry]);
                (row.Latents[entry], row.Latents[active]) = (row.Latents[active], row.Latents[entry]);
                row.Values[active] = row.PreActivations[active];
                active++;
            }
        }

        return active;
    }

    public override void Differentiate(in RowSlice row)
    {
        long start = row.Pulls - _entries!.Pulls;
        float stepPull = penalty.StepPull(row.Active, _entries.Rows);
        double charge = penalty.RowCharge(row.Active);
        _stepPulls.Pointer[row.Row] = stepPull;
        for (int entry = 0; entry < row.Count; entry++)
        {
            int latent = row.Latents[entry];
            float norm = context.Norms[latent];
            (float valuePull, float normPull) = penalty.Pulls(row.Values[entry], norm, _entries.Rows, ref charge);
            float closedPull = penalty.ClosedPull(norm, _entries.Rows);
            float whole = row.Pulls[entry] + valuePull;
            bool inside = window.Holds(row.PreActivations[entry], latent);
            float threshold = window.Thresholds[latent] / window.Bandwidth;
            float counted = (inside ? whole : 0) - (window.IsInverted ? row.Pulls[entry] + closedPull : 0);
            float steps = ((inside ? 1 : 0) - (window.IsInverted ? 1 : 0)) * stepPull;
            _thresholdPulls.Pointer[start + entry] = -(threshold * counted) - (steps / window.Bandwidth);
            _normPulls.Pointer[start + entry] = normPull;
            row.Pulls[entry] = (entry < row.Active ? whole : 0)
                + (toInput && inside ? (threshold * whole) + (stepPull / window.Bandwidth) : 0);
        }

        _charges.Pointer[row.Row] = charge;
    }

    public override void Finish(RowEntries entries, LatentGradients gradients)
    {
        Array.Clear(gradients.EntryThreshold);
        Array.Clear(gradients.EntryNorm);
        for (int entry = 0; entry < entries.Count; entry++)
        {
            gradients.EntryThreshold[entries.Latents[entry]] += _thresholdPulls.Pointer[entry];
            gradients.EntryNorm[entries.Latents[entry]] += _normPulls.Pointer[entry];
        }

        double charge = 0;
        StepPulls = 0;
        for (int row = 0; row < entries.Rows; row++)
        {
            charge += _charges.Pointer[row];
            StepPulls += _stepPulls.Pointer[row];
        }

        Charge = penalty.Coefficient * charge / entries.Rows;
    }

    public void Dispose()
    {
        _thresholdPulls.Dispose();
        _normPulls.Dispose();
        _charges.Dispose();
        _stepPulls.Dispose();
    }
}
