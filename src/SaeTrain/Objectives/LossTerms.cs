using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>The loss of one step: what is differentiated, and its named parts in the recipe's order.</summary>
/// <param name="Total">Scalar that is differentiated.</param>
/// <param name="Terms">Scalars by name; whether a weight is inside a term is the recipe's convention.</param>
internal sealed record LossTerms(Tensor Total, IReadOnlyList<(string Name, Tensor Value)> Terms);
