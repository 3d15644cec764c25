using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Weights;

/// <summary>Where a tensor of Hugging Face lies in a GGUF file, and how it is written there.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Arrange">Turns what is stored into the layout of Hugging Face; null where it is the same.</param>
/// <param name="Transposed">Whether what is stored is the transpose.</param>
internal sealed record GgufPlace(string Name, Func<Tensor, Tensor>? Arrange = null, bool Transposed = false);
