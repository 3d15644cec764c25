using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Selection;

/// <summary>Picked entries of a batch's latents, where rows may have different numbers of them.</summary>
/// <param name="Rows">Row of each entry, int64 [entries], ascending.</param>
/// <param name="Latents">Latent of each entry, int64 [entries].</param>
internal sealed record LatentEntries(Tensor Rows, Tensor Latents);
