using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;

namespace Workbench.Models.Architectures;

/// <summary>Mistral: Llama without biases, attending within a sliding window where the config names one.</summary>
internal sealed class MistralArchitecture : IArchitecture
{
    private const int WindowWhereAbsent = 4096;

    public string Family => "mistral";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        ModelConfig model = new RopeFields(config, DecoderFields.Read(config, Family)).Read();
        return WindowFields.Read(config, model, config.OptionalPositive("sliding_window", WindowWhereAbsent), _ => true);
    }

    public LanguageModel Build(ModelConfig config, WeightSet weights, Device device, ScalarType computeType)
    {
        var parts = new DecoderParts(config, weights, device, computeType);
        RotaryTable rotary = parts.Rotary(config.Rope!);
        parts.IgnoreFrequencies();
        return parts.Build(layer => parts.PreNormBlock(
            layer,
            new Attention(AttentionOptions.Of(config, layer), parts.QueryKeyValue(layer, bias: false), parts.Output(layer, bias: false)) { Rotary = rotary },
            parts.GatedMlp(layer)));
    }
}
