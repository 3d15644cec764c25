using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;

namespace Workbench.Models.Architectures;

/// <summary>Gemma 2: scaled embeddings, norms before and after each sub-block, soft caps, a sliding window in every other layer.</summary>
internal sealed class Gemma2Architecture : IArchitecture
{
    private const double AttentionCapWhereAbsent = 50;
    private const double LogitCapWhereAbsent = 30;
    private const int WindowWhereAbsent = 4096;

    public string Family => "gemma2";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        ModelConfig model = GemmaFields.Read(config, Family, AttentionCapWhereAbsent, LogitCapWhereAbsent) with { Rope = RopeFields.Read(config) };
        return WindowFields.Read(config, model, config.OptionalPositive("sliding_window", WindowWhereAbsent), layer => layer % 2 == 0);
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
