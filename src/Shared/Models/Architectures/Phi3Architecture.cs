using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;

namespace Workbench.Models.Architectures;

/// <summary>Phi-3: Llama with queries, keys and values in one matrix, gate and up in another, and a share of each head rotated.</summary>
internal sealed class Phi3Architecture : IGgufArchitecture
{
    private const int OriginalContextWhereAbsent = 4096;

    public string Family => "phi3";

    public string GgufName => "phi3";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        ModelConfig model = DecoderFields.Read(config, Family);
        model = new RopeFields(config, model) { Partial = true, OriginalContext = OriginalContextWhereAbsent }.Read();
        return WindowFields.Read(config, model, config.OptionalPositive("sliding_window", null), _ => true);
    }

    public ModelConfig ReadConfig(GgufFields gguf)
    {
        return DecoderGguf.Window(gguf, DecoderGguf.Read(gguf, Family));
    }

    public IWeightSource ReadWeights(GgufFile file, ModelConfig config)
    {
        return DecoderGguf.WeightsOf(
            file,
            config,
            [
                .. DecoderGguf.PreNorms,
                ("self_attn.qkv_proj", "attn_qkv"),
                ("self_attn.o_proj", "attn_output"),
                ("mlp.gate_up_proj", "ffn_up"),
                ("mlp.down_proj", "ffn_down"),
            ]);
    }

    public LanguageModel Build(ModelConfig config, WeightSet weights, Device device, ScalarType computeType)
    {
        var parts = new DecoderParts(config, weights, device, computeType);
        RotaryTable rotary = parts.Rotary(config.Rope!);
        int projected = (config.Heads + (2 * config.KeyValueHeads)) * config.HeadDim;
        int hidden = config.IntermediateSize;
        return parts.Build(layer => parts.PreNormBlock(
            layer,
            new Attention(
                AttentionOptions.Of(config, layer),
                parts.Stacked(layer, [("self_attn.qkv_proj", projected)], config.Width, bias: false),
                parts.Output(layer, bias: false)) { Rotary = rotary },
            new GatedMlp(
                config.Activation,
                parts.Stacked(layer, [("mlp.gate_up_proj", 2 * hidden)], config.Width, bias: false),
                parts.Stacked(layer, [("mlp.down_proj", config.Width)], hidden, bias: false))));
    }
}
