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
        int width = gguf.Positive("embedding_length");
        int heads = gguf.Positive("attention.head_count");
        int groups = gguf.Positive("attention.head_count_kv", heads);
        int head = gguf.Positive("attention.key_length", width / heads);
        if (heads % groups != 0)
        {
            throw gguf.Bad("attention.head_count_kv", $"a divisor of the {heads} heads");
        }

        if (gguf.Positive("rope.dimension_count", head) != head || head % 2 != 0)
        {
            throw gguf.Bad("rope.dimension_count", $"the even head width ({head})");
        }

        return new ModelConfig
        {
            Family = Family,
            Layers = gguf.Positive("block_count"),
            Width = width,
            Heads = heads,
            KeyValueHeads = groups,
            HeadDim = head,
            IntermediateSize = gguf.Positive("feed_forward_length"),
            VocabularySize = LlamaGguf.VocabularySize(gguf.File),
            ContextLength = gguf.Positive("context_length"),
            NormEpsilon = gguf.PositiveReal("attention.layer_norm_rms_epsilon"),
            Rope = LlamaGguf.Rope(gguf),
            TiedEmbeddings = !gguf.File.Tensors.ContainsKey("output.weight"),
            AttentionBias = gguf.File.Tensors.ContainsKey("blk.0.attn_q.bias"),
            MlpBias = gguf.File.Tensors.ContainsKey("blk.0.ffn_gate.bias"),
            BosId = gguf.File.FindInt32("tokenizer.ggml.bos_token_id"),
            EosIds = gguf.File.FindInt32("tokenizer.ggml.eos_token_id") is int eos ? [eos] : [],
        };
    }

    public IWeightSource ReadWeights(GgufFile file, ModelConfig config)
    {
        return new GgufWeights(file, LlamaGguf.Names(config), LlamaGguf.RowOrder(config));
    }

    public LanguageModel Build(ModelConfig config, WeightSet weights, Device device, ScalarType computeType)
    {
        var parts = new DecoderParts(config, weights, device, computeType);
        using Tensor? divisors = weights.Has(LlamaGguf.FrequencyDivisors) ? weights.Take(LlamaGguf.FrequencyDivisors, config.HeadDim / 2) : null;
        RotaryTable rotary = parts.Rotary(config.Rope!, divisors?.cpu().data<float>().ToArray());
        parts.IgnoreFrequencies();
        return parts.Build(layer => new SequentialBlock(
            new Attention(AttentionOptions.Of(config, layer), parts.QueryKeyValue(layer, config.AttentionBias), parts.Output(layer, config.AttentionBias)) { Rotary = rotary },
            parts.GatedMlp(layer, config.MlpBias))
        {
            AttentionNorm = parts.Norm(layer, "input_layernorm"),
            MlpNorm = parts.Norm(layer, "post_attention_layernorm"),
        });
    }
}
