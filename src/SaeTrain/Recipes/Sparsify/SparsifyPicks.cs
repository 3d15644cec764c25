using Workbench.SaeTrain.Objectives.Selection;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.Sparsify;

/// <summary>The picks of a batch, and the wider ones where these must reconstruct as well.</summary>
/// <param name="Choice">The k kept of each row.</param>
/// <param name="Wider">The wider choice, or null.</param>
/// <param name="WiderValues">Its activations, outside the graph.</param>
internal sealed record SparsifyPicks(LatentChoice Choice, LatentChoice? Wider, Tensor? WiderValues);
