using Workbench.Models;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>A batch of held-out text with what does not depend on the dictionary.</summary>
/// <param name="Tokens">The windows.</param>
/// <param name="Seen">The model's activations where the dictionary reads and writes.</param>
/// <param name="Clean">Losses of the model.</param>
/// <param name="Zero">Losses with the activations where the dictionary writes set to zero.</param>
internal sealed record HeldOutBatch(TokenBatch Tokens, HookCapture Seen, PositionLosses Clean, PositionLosses Zero);
