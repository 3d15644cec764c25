using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>A batch of held-out text with what does not depend on the dictionary.</summary>
/// <param name="Tokens">The windows.</param>
/// <param name="Read">What the dictionary reads [windows, length, width].</param>
/// <param name="Written">What it reconstructs [windows, length, output width]; the same, but for transcoders.</param>
/// <param name="Clean">Losses of the model.</param>
/// <param name="Zero">Losses with the activation set to zero.</param>
internal sealed record HeldOutBatch(TokenBatch Tokens, Tensor Read, Tensor Written, PositionLosses Clean, PositionLosses Zero);
