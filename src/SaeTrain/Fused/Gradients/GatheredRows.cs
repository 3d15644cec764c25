using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused.Gradients;

/// <summary>Reads the rows of a batch that latents' gradients are summed from.</summary>
internal abstract unsafe class GatheredRows
{
    /// <summary>In the number type of the encoder product: bfloat16 halves what is read, and all of it stays in the processor's cache.</summary>
    public static GatheredRows Create(FusedContext context)
    {
        return context.Product.IsRounded ? new GatheredRows<BFloat16Element>(context) : new GatheredRows<FloatElement>(context);
    }

    /// <summary>Called before the latents of a batch.</summary>
    public abstract void Begin(DecodePass decoded);

    /// <summary>Adds what a latent's entries contribute to its rows' gradients.</summary>
    /// <param name="run">The entries.</param>
    /// <param name="plane">The latent's plane of errors.</param>
    /// <param name="rows">Gains the gradients.</param>
    public abstract void Sum(in EntryRun run, int plane, in LatentRows rows);

    /// <summary>Asks for the rows of a latent's entries.</summary>
    public abstract void Expect(in EntryRun run, int plane);
}
