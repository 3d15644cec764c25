using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models;

/// <summary>What a hook's action is told beside the value.</summary>
/// <param name="Point">The hook reached.</param>
/// <param name="FirstPosition">Position in the whole text of the value's column 0; above 0 when a cache holds what came before.</param>
/// <param name="Mask">int64 [batch, seq], 1 for tokens and 0 for padding; null when nothing is padded.</param>
public readonly record struct HookContext(HookPoint Point, int FirstPosition, Tensor? Mask);
