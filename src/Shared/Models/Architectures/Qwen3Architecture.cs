using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;

namespace Workbench.Models.Architectures;

/// <summary>Qwen 3: Llama with RMS norms of each head's queries and keys.</summary>
internal sealed class Qwen3Architecture : IGgufArchitecture
{
    private const int HeadDimWhereAbsent = 128;

    public string Family => "qwen3";

    public string GgufName => "qwen3";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        ModelConfig model = DecoderFields.Read(config, Family, HeadDimWhereAbsent) with
        {
            AttentionBias = config.Flag("attention_bias", fallback: false),
        };
        return QwenFields.Window(config, new RopeFields(config, model).Read());
    }

    public ModelConfig ReadConfig(GgufFields gguf)
    {
        return DecoderGguf.Read(gguf, Family);
    }

    public IWeightSource ReadWeights(GgufFile file, ModelConfig config)
    {
        return DecoderGguf.Weights(file, config, DecoderGguf.PreNorms);
    }

    public LanguageModel Build(ModelConfig config, WeightSet weights, Device device, ScalarType computeType)
    {
        var parts = new DecoderParts(config, weights, device, computeType);
        RotaryTable rotary = parts.Rotary(config.Rope!);
        return parts.Build(layer => parts.PreNormBlock(
            layer,
            new Attention(AttentionOptions.Of(config, layer), parts.QueryKeyValue(layer, config.AttentionBias), parts.Output(layer, config.AttentionBias))
            {
                Rotary = rotary,
                HeadNorm = parts.HeadNorm(layer, config.HeadDim, config.HeadDim),
            },
            parts.GatedMlp(layer)));
    }
}
