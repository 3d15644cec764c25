using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>Llama: RMS norms, rotary positions, grouped-query attention, SwiGLU.</summary>
internal sealed class LlamaArchitecture : IGgufArchitecture
{
    public string Family => "llama";

    public string GgufName => "llama";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        ModelConfig model = DecoderFields.Read(config, Family) with
        {
            AttentionBias = config.Flag("attention_bias", fallback: false),
            MlpBias = config.Flag("mlp_bias", fallback: false),
        };
        return new RopeFields(config, model).Read();
    }

    public ModelConfig ReadConfig(GgufFields gguf)
    {
        // Files of Mistral are of this architecture too.
        return DecoderGguf.Window(gguf, DecoderGguf.Read(gguf, Family));
    }

    public IWeightSource ReadWeights(GgufFile file, ModelConfig config)
    {
        return DecoderGguf.Weights(file, config, DecoderGguf.PreNorms, (module, stored) => new GgufPlace(stored, module switch
        {
            "self_attn.q_proj" => rows => Halves(rows, config.Heads),
            "self_attn.k_proj" => rows => Halves(rows, config.KeyValueHeads),
            _ => null,
        }));
    }

    public LanguageModel Build(ModelConfig config, WeightSet weights, Device device, ScalarType computeType)
    {
        var parts = new DecoderParts(config, weights, device, computeType);
        RotaryTable rotary = parts.Rotary(config.Rope!);
        parts.IgnoreFrequencies();
        return parts.Build(layer => parts.PreNormBlock(
            layer,
            new Attention(AttentionOptions.Of(config, layer), parts.QueryKeyValue(layer, config.AttentionBias), parts.Output(layer, config.AttentionBias)) { Rotary = rotary },
            parts.GatedMlp(layer, config.MlpBias)));
    }

    /// <summary>Rows (i, half) of every head, which files have so that rotary acts on neighbouring pairs, become (half, i).</summary>
    private static Tensor Halves(Tensor stored, int heads)
    {
        long[] shape = stored.shape;
        return stored.reshape(heads, shape[0] / heads / 2, 2, -1).transpose(1, 2).reshape(shape);
    }
}
