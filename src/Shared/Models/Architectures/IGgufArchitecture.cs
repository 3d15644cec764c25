using Workbench.Models.Weights;

namespace Workbench.Models.Architectures;

/// <summary>A family whose GGUF files are read too.</summary>
internal interface IGgufArchitecture : IArchitecture
{
    /// <summary>Reads the metadata of a GGUF file of this <c>general.architecture</c>.</summary>
    ModelConfig ReadConfig(GgufFields gguf);

    /// <summary>The tensors of a GGUF file under the names and in the layout of Hugging Face.</summary>
    IWeightSource ReadWeights(GgufFile file, ModelConfig config);
}
