using Workbench.Models.Weights;
using static TorchSharp.torch;

namespace Workbench.Models.Architectures;

/// <summary>One family of transformers: how its configs are read and how it is built. Found by name, see <see cref="ArchitectureRegistry"/>.</summary>
internal interface IArchitecture
{
    /// <summary>The <c>model_type</c> of config.json.</summary>
    string Family { get; }

    /// <summary>Reads config.json in the forms of transformers 4 and 5; a field that it does not read is refused unless it is harmless.</summary>
    ModelConfig ReadConfig(ConfigFields config);

    /// <summary>Builds the model and takes every tensor it needs.</summary>
    LanguageModel Build(ModelConfig config, WeightSet weights, Device device, ScalarType computeType);
}
