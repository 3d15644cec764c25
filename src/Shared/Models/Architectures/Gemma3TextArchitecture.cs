using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;

namespace Workbench.Models.Architectures;

/// <summary>Gemma 3's text model: Gemma 2 with norms of queries and keys, and another rotary base in the windowed layers.</summary>
internal sealed class Gemma3TextArchitecture : IArchitecture
{
    private const int WindowWhereAbsent = 4096;
    private const int PatternWhereAbsent = 6;
    private const double GlobalBase = 1_000_000;
    private const double LocalBase = 10_000;

    public string Family => "gemma3_text";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        ModelConfig model = GemmaFields.Read(config, Family, attentionCap: null, logitCap: null);
        ConfigFields? kinds = config.Object("rope_parameters");
        model = kinds is null
            ? model with
            {
                Rope = RopeFields.Read(config, null, GlobalBase, 1),
                LocalRope = new RopeSettings(config.PositiveReal("rope_local_base_freq", LocalBase)),
            }
            : model with { Rope = OfKind(config, kinds, "full_attention", GlobalBase), LocalRope = OfKind(config, kinds, "sliding_attention", LocalBase) };
        int pattern = config.Positive("sliding_window_pattern", config.Positive("_sliding_window_pattern", PatternWhereAbsent));
        return WindowFields.Read(config, model, config.OptionalPositive("sliding_window", WindowWhereAbsent), layer => (layer + 1) % pattern != 0);
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

    private static RopeSettings OfKind(ConfigFields config, ConfigFields kinds, string kind, double baseFallback)
    {
        RopeSettings settings = RopeFields.Read(config, kinds.Object(kind) ?? throw kinds.Bad(kind, "an object"), baseFallback, 1);
        return settings.Share == 1 ? settings : throw kinds.Bad(kind, "without a partial_rotary_factor");
    }
}
