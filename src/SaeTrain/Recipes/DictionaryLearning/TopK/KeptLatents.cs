using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.TopK;

/// <summary>What a choice of latents made of a batch.</summary>
/// <param name="Error">Squared error of the reconstruction, a scalar as a graph.</param>
/// <param name="Reconstruction">[rows, d].</param>
/// <param name="Fired">Which latents were kept with a value above zero: bool [n].</param>
/// <param name="Smallest">What the batch proposes as the threshold, a float32 scalar.</param>
/// <param name="Active">Mean number of latents that are on in a row, a scalar.</param>
/// <param name="Parts">Further parts of the loss, for information.</param>
internal sealed record KeptLatents(
    Tensor Error, Tensor Reconstruction, Tensor Fired, Tensor Smallest, Tensor Active, IReadOnlyList<(string Name, Tensor Value)> Parts);
