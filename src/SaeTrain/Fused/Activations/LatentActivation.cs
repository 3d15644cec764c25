using Workbench.SaeTrain.Fused.Encoding;
using Workbench.SaeTrain.Fused.Gradients;

namespace Workbench.SaeTrain.Fused.Activations;

/// <summary>From pre-activations of chosen entries to latents, and from the latents' gradients back.</summary>
internal abstract class LatentActivation
{
    /// <summary>Called before the rows of a batch.</summary>
    /// <param name="entries">The chosen entries.</param>
    public virtual void Begin(RowEntries entries)
    {
    }

    /// <summary>Sets a row's values and moves the entries that are on to the front; called for different rows at once.</summary>
    /// <returns>Number of entries that are on.</returns>
    public abstract int Activate(in RowSlice row);

    /// <summary>Turns gradients of values into gradients of pre-activations; called for different rows at once.</summary>
    public virtual void Differentiate(in RowSlice row)
    {
    }

    /// <summary>Adds what the batch tells of thresholds and norms to the gradients.</summary>
    public virtual void Finish(RowEntries entries, LatentGradients gradients)
    {
    }
}
