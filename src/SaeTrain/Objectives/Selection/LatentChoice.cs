using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Selection;

/// <summary>The picked latents of a batch.</summary>
/// <param name="Indices">[rows, k], int64.</param>
/// <param name="Mask">[rows, k], 1 where a pick counts and 0 where a row had fewer than k positive entries; null where all count.</param>
internal sealed record LatentChoice(Tensor Indices, Tensor? Mask);
