using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models;

/// <summary>Something to do when a forward pass reaches a hook point.</summary>
/// <param name="Point">Where.</param>
/// <param name="Action">
/// Gets the value, float32 [batch, seq, width], and returns null to leave it or a tensor of the same shape that takes its place.
/// The value is the action's own copy, released when the pass ends: take it out with <c>DetachFromDisposeScope</c> to keep it.
/// Several hooks at one point run in the order given, each on the result of the one before.
/// </param>
public sealed record Hook(HookPoint Point, Func<Tensor, HookContext, Tensor?> Action);
