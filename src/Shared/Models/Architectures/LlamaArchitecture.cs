using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>Llama: RMS norms, rotary positions, grouped-query attention, SwiGLU.</summary>
internal sealed class LlamaArchitecture : IGgufArchitecture
{
    public string Family => "llama";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        return DecoderFields.Read(config, Family) with
        {
            Rope = RopeFields.Read(config),
            AttentionBias = config.Flag("attention_bias", fallback: false),
            MlpBias = config.Flag("mlp_bias", fallback: false),
        };
    }

    public ModelConfig ReadConfig(GgufFields gguf)
    {
        return DecoderGguf.Read(gguf, Family);
    }

    public IWeightSource ReadWeights(GgufFile file, ModelConfig config)
    {
        return new GgufWeights(file, DecoderGguf.Names(config), LlamaGguf.RowOrder(config));
    }

    public LanguageModel Build(ModelConfig config, WeightSet weights, Device device, ScalarType computeType)
    {
        var parts = new DecoderParts(config, weights, device, computeType);
        using Tensor? divisors = weights.Has(LlamaGguf.FrequencyDivisors) ? weights.Take(LlamaGguf.FrequencyDivisors, config.HeadDim / 2) : null;
        RotaryTable rotary = parts.Rotary(config.Rope!, divisors?.cpu().data<float>().ToArray());
        parts.IgnoreFrequencies();
        return parts.Build(layer => parts.PreNormBlock(
            layer,
            new Attention(AttentionOptions.Of(config, layer), parts.QueryKeyValue(layer, config.AttentionBias), parts.Output(layer, config.AttentionBias)) { Rotary = rotary },
            parts.GatedMlp(layer, config.MlpBias)));
    }
}
