using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;

namespace Workbench.Models.Architectures;

/// <summary>Qwen 2 and 2.5: Llama with biases on queries, keys and values.</summary>
internal sealed class Qwen2Architecture : IGgufArchitecture
{
    public string Family => "qwen2";

    public string GgufName => "qwen2";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        return QwenFields.Window(config, new RopeFields(config, DecoderFields.Read(config, Family)).Read());
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
            new Attention(AttentionOptions.Of(config, layer), parts.QueryKeyValue(layer, bias: true), parts.Output(layer, bias: false)) { Rotary = rotary },
            parts.GatedMlp(layer)));
    }
}
