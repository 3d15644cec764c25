using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;

namespace Workbench.Models.Architectures;

/// <summary>OLMo 2: norms of what attention and MLP add instead of what they read, and of all queries and all keys together.</summary>
internal sealed class Olmo2Architecture : IGgufArchitecture
{
    public string Family => "olmo2";

    public string GgufName => "olmo2";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        ModelConfig model = DecoderFields.Read(config, Family) with
        {
            AttentionBias = config.Flag("attention_bias", fallback: false),
        };
        return new RopeFields(config, model).Read();
    }

    public ModelConfig ReadConfig(GgufFields gguf)
    {
        return DecoderGguf.Read(gguf, Family);
    }

    public IWeightSource ReadWeights(GgufFile file, ModelConfig config)
    {
        return DecoderGguf.Weights(file, config, DecoderGguf.PostNorms);
    }

    public LanguageModel Build(ModelConfig config, WeightSet weights, Device device, ScalarType computeType)
    {
        var parts = new DecoderParts(config, weights, device, computeType);
        RotaryTable rotary = parts.Rotary(config.Rope!);
        return parts.Build(layer => new SequentialBlock(
            new Attention(AttentionOptions.Of(config, layer), parts.QueryKeyValue(layer, config.AttentionBias), parts.Output(layer, config.AttentionBias))
            {
                Rotary = rotary,
                HeadNorm = parts.HeadNorm(layer, config.Heads * config.HeadDim, config.KeyValueHeads * config.HeadDim),
            },
            parts.GatedMlp(layer))
        {
            AttentionPostNorm = parts.Norm(layer, "post_attention_layernorm"),
            MlpPostNorm = parts.Norm(layer, "post_feedforward_layernorm"),
        });
    }
}
