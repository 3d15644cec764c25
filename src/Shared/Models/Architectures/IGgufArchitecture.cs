using Workbench.Models.Weights;

namespace Workbench.Models.Architectures;

/// <summary>
/// A family whose GGUF files are read too. Names of metadata and tensors, and how tensors are rearranged, are those of llama.cpp's
/// conversion scripts; what its files do not say (activations, scales) is what llama.cpp computes for the family.
/// </summary>
internal interface IGgufArchitecture : IArchitecture
{
    /// <summary>The <c>general.architecture</c> of its files.</summary>
    string GgufName { get; }

    /// <summary>Reads the metadata of a file.</summary>
    ModelConfig ReadConfig(GgufFields gguf);

    /// <summary>The tensors of a file under the names and in the layout of Hugging Face.</summary>
    IWeightSource ReadWeights(GgufFile file, ModelConfig config);
}
