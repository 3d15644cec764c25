using Workbench.SaeTrain.Fused.Activations;
using Workbench.SaeTrain.Fused.Gradients;
using Workbench.SaeTrain.Fused.Selection;
using Workbench.SaeTrain.Objectives;

namespace Workbench.SaeTrain.Fused;

/// <summary>How an objective's step is put together from fused parts. Calls come in the order of the members.</summary>
internal abstract class FusedRecipe(FusedContext context) : IDisposable
{
    /// <summary>Weights and buffers.</summary>
    protected FusedContext Context => context;

    /// <summary>Which entries are chosen.</summary>
    public abstract LatentSelection Selection { get; }

    /// <summary>What becomes of them.</summary>
    public virtual LatentActivation Activation { get; } = new RectifiedLatents();

    /// <summary>The error that is minimised.</summary>
    public abstract ReconstructionPlan Reconstruction { get; }

    /// <summary>What becomes of the gradient of one latent.</summary>
    public virtual LatentGradients Gradients(DecodePass decoded)
    {
        return new LatentGradients(context, decoded);
    }

    /// <summary>Called before the batch is encoded.</summary>
    public virtual void Begin(TrainingBatch batch, long step)
    {
    }

    /// <summary>Called when errors and pulls are known: counts which latents fired and adds further losses and gradients.</summary>
    public abstract FusedLosses Complete(TrainingBatch batch, long step, DecodePass decoded);

    public virtual void Dispose()
    {
        (Selection as IDisposable)?.Dispose();
    }
}
