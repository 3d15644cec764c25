using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Recipes.DictionaryLearning.Gated;

/// <summary>What a gated encoder made of a batch.</summary>
/// <param name="Gate">relu(pi) [rows, n].</param>
/// <param name="Latents">[rows, n].</param>
/// <param name="Reconstruction">[rows, d].</param>
/// <param name="Error">Squared error of the reconstruction, a scalar.</param>
/// <param name="GateError">Squared error of the gate's own reconstruction with fixed weights, a scalar.</param>
internal sealed record GatedPass(Tensor Gate, Tensor Latents, Tensor Reconstruction, Tensor Error, Tensor GateError);
