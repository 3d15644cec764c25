using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;

namespace Workbench.Models.Architectures;

/// <summary>Gemma 3's text model: Gemma 2 with norms of queries and keys, and another rotary base in the windowed layers.</summary>
internal sealed class Gemma3TextArchitecture : IGgufArchitecture
{
    private const int WindowWhereAbsent = 4096;
    private const int PatternWhereAbsent = 6;

    /// <summary>Blocks of the 27B model, whose queries are scaled otherwise.</summary>
    private const int LargestLayers = 62;

    private const double GlobalBase = 1_000_000;
    private const double LocalBase = 10_000;

    public string Family => "gemma3_text";

    public string GgufName => "gemma3";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        ModelConfig model = GemmaFields.Read(config, Family, attentionCap: null, logitCap: null);
        var global = new RopeFields(config, model) { Base = GlobalBase };
        var local = new RopeFields(config, model) { Base = LocalBase };
        model = config.Object("rope_parameters") is ConfigFields kinds
            ? model with { Rope = global.Read(Kind(kinds, "full_attention")), LocalRope = local.Read(Kind(kinds, "sliding_attention")) }
            : model with { Rope = global.Read(null), LocalRope = new RopeSettings(config.PositiveReal("rope_local_base_freq", LocalBase)) };
        int pattern = config.Positive("sliding_window_pattern", config.Positive("_sliding_window_pattern", PatternWhereAbsent));
        return WindowFields.Read(config, model, config.OptionalPositive("sliding_window", WindowWhereAbsent), layer => (layer + 1) % pattern != 0);
    }

    public ModelConfig ReadConfig(GgufFields gguf)
    {
        ModelConfig model = GemmaGguf.Read(gguf, Family, LargestLayers) with { LogitSoftCap = gguf.OptionalReal("final_logit_softcapping") };
        var local = new RopeSettings(gguf.PositiveReal("rope.freq_base_swa", LocalBase));
        return DecoderGguf.Window(gguf, model, () => gguf.Pattern(GemmaGguf.WindowPattern, model.Layers, PatternWhereAbsent)) with { LocalRope = local };
    }

    public IWeightSource ReadWeights(GgufFile file, ModelConfig config)
    {
        return GemmaGguf.Weights(file, config);
    }

    public LanguageModel Build(ModelConfig config, WeightSet weights, Device device, ScalarType computeType)
    {
        var parts = new DecoderParts(config, weights, device, computeType) { NormOffset = 1 };
        RotaryTable global = parts.Rotary(config.Rope!);
        RotaryTable local = parts.Rotary(config.LocalRope!);
        return parts.Build(layer => new SequentialBlock(
            new Attention(AttentionOptions.Of(config, layer), parts.QueryKeyValue(layer, config.AttentionBias), parts.Output(layer, config.AttentionBias))
            {
                Rotary = config.IsWindowed(layer) ? local : global,
                HeadNorm = parts.HeadNorm(layer, config.HeadDim, config.HeadDim),
            },
            parts.GatedMlp(layer))
        {
            AttentionNorm = parts.Norm(layer, "input_layernorm"),
            AttentionPostNorm = parts.Norm(layer, "post_attention_layernorm"),
            MlpNorm = parts.Norm(layer, "pre_feedforward_layernorm"),
            MlpPostNorm = parts.Norm(layer, "post_feedforward_layernorm"),
        });
    }

    private static ConfigFields Kind(ConfigFields kinds, string kind)
    {
        return kinds.Object(kind) ?? throw kinds.Bad(kind, "an object");
    }
}
