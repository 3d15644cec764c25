using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;

namespace Workbench.Models.Architectures;

/// <summary>Phi-3: Llama with queries, keys and values in one matrix, gate and up in another, and a share of each head rotated.</summary>
internal sealed class Phi3Architecture : IArchitecture
{
    public string Family => "phi3";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        ModelConfig model = DecoderFields.Read(config, Family);
        model = model with { Rope = RopeFields.ReadPartial(config, model.HeadDim, fallback: 1) };

        // Matters to its "longrope" scaling alone, which is refused.
        _ = config.Contains("original_max_position_embeddings");
        return WindowFields.Read(config, model, config.OptionalPositive("sliding_window", null), _ => true);
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
