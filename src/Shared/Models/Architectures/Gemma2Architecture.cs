using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;

namespace Workbench.Models.Architectures;

/// <summary>Gemma 2: scaled embeddings, norms before and after each sub-block, soft caps, a sliding window in every other layer.</summary>
internal sealed class Gemma2Architecture : IGgufArchitecture
{
    private const double AttentionCapWhereAbsent = 50;
    private const double LogitCapWhereAbsent = 30;
    private const int WindowWhereAbsent = 4096;
    private const int PatternWhereAbsent = 2;

    /// <summary>Blocks of the 27B model, whose queries are scaled otherwise.</summary>
    private const int LargestLayers = 46;

    public string Family => "gemma2";

    public string GgufName => "gemma2";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        ModelConfig model = new RopeFields(config, GemmaFields.Read(config, Family, AttentionCapWhereAbsent, LogitCapWhereAbsent)).Read();
        return WindowFields.Read(config, model, config.OptionalPositive("sliding_window", WindowWhereAbsent), layer => layer % 2 == 0);
    }

    public ModelConfig ReadConfig(GgufFields gguf)
    {
        ModelConfig model = GemmaGguf.Read(gguf, Family, LargestLayers);
        return DecoderGguf.Window(gguf, model, () => gguf.Pattern(GemmaGguf.WindowPattern, model.Layers, PatternWhereAbsent)) with
        {
            AttentionSoftCap = gguf.OptionalReal("attn_logit_softcapping") ?? AttentionCapWhereAbsent,
            LogitSoftCap = gguf.OptionalReal("final_logit_softcapping") ?? LogitCapWhereAbsent,
        };
    }

    public IWeightSource ReadWeights(GgufFile file, ModelConfig config)
    {
        return GemmaGguf.Weights(file, config);
    }

    public LanguageModel Build(ModelConfig config, WeightSet weights, Device device, ScalarType computeType)
    {
        var parts = new DecoderParts(config, weights, device, computeType) { NormOffset = 1 };
        RotaryTable rotary = parts.Rotary(config.Rope!);
        return parts.Build(layer => new SequentialBlock(
            new Attention(AttentionOptions.Of(config, layer), parts.QueryKeyValue(layer, config.AttentionBias), parts.Output(layer, config.AttentionBias)) { Rotary = rotary },
            parts.GatedMlp(layer))
        {
            AttentionNorm = parts.Norm(layer, "input_layernorm"),
            AttentionPostNorm = parts.Norm(layer, "post_attention_layernorm"),
            MlpNorm = parts.Norm(layer, "pre_feedforward_layernorm"),
            MlpPostNorm = parts.Norm(layer, "post_feedforward_layernorm"),
        });
    }
}
