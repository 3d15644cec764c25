using Workbench.Models.Weights;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>The unembedding of models that may share it with the token embedding.</summary>
internal static class TiedEmbedding
{
    /// <summary>The embedding where the config ties them, and then a copy in the file is left out; else the file's matrix.</summary>
    public static Tensor Unembedding(ModelConfig config, WeightSet weights, string name, Tensor embedding)
    {
        if (!config.TiedEmbeddings)
        {
            return weights.Take(name, config.VocabularySize, config.Width);
        }

        weights.Ignore(name);
        return embedding;
    }
}
