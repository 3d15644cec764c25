using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>Llama: RMS norms, rotary positions, grouped-query attention, SwiGLU.</summary>
internal sealed class LlamaArchitecture : IArchitecture
{
    public string Family => "llama";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        if (config.String("hidden_act", "silu") != "silu")
        {
            throw config.Bad("hidden_act", "'silu'");
        }

        int width = config.Positive("hidden_size");
        int heads = config.Positive("num_attention_heads");
        int groups = config.Positive("num_key_value_heads", heads);
        return heads % groups != 0
            ? throw config.Bad("num_key_value_heads", $"a divisor of num_attention_heads ({heads})")
            : new ModelConfig
            {
                Family = Family,
                Layers = config.Positive("num_hidden_layers"),
                Width = width,
                Heads = heads,
                KeyValueHeads = groups,
                HeadDim = config.Positive("head_dim", width / heads) is var head && head % 2 == 0 ? head : throw config.Bad("head_dim", "even"),
                IntermediateSize = config.Positive("intermediate_size"),
                VocabularySize = config.Positive("vocab_size"),
                ContextLength = config.Positive("max_position_embeddings"),
                NormEpsilon = config.PositiveReal("rms_norm_eps"),
                Rope = RopeFields.Read(config),
                TiedEmbeddings = config.Flag("tie_word_embeddings", fallback: false),
                AttentionBias = config.Flag("attention_bias", fallback: false),
                MlpBias = config.Flag("mlp_bias", fallback: false),
                BosId = config.Ids("bos_token_id") is [int bos, ..] ? bos : null,
                EosIds = config.Ids("eos_token_id"),
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
        long width = config.Width;
        Tensor embedding = weights.Take("model.embed_tokens.weight", config.VocabularySize, width);
        LlamaBlock[] blocks = [.. Enumerable.Range(0, config.Layers).Select(layer => Block(config, weights, layer, computeType))];
        Tensor norm = weights.Take("model.norm.weight", width);
        Tensor? unembedding = config.TiedEmbeddings ? null : weights.Take("lm_head.weight", config.VocabularySize, width);
        using Tensor? divisors = weights.Has(LlamaGguf.FrequencyDivisors) ? weights.Take(LlamaGguf.FrequencyDivisors, config.HeadDim / 2) : null;
        weights.Ignore(name => name.EndsWith(".self_attn.rotary_emb.inv_freq", StringComparison.Ordinal)
            || (config.TiedEmbeddings && name == "lm_head.weight"));
        weights.Finish();
        var rotary = new RotaryTable(config.Rope!, config.HeadDim, device, divisors?.cpu().data<float>().ToArray());
        return new LlamaModel(config, device, computeType, embedding, blocks, norm, unembedding, rotary);
    }

    private static LlamaBlock Block(ModelConfig config, WeightSet weights, int layer, ScalarType type)
    {
        string block = $"model.layers.{layer}.";
        (long width, long hidden) = (config.Width, config.IntermediateSize);
        (long query, long group) = (config.Heads * config.HeadDim, config.KeyValueHeads * config.HeadDim);
        return new LlamaBlock(
            weights.Take(block + "input_layernorm.weight", width),
            Fused([("self_attn.q_proj", query), ("self_attn.k_proj", group), ("self_attn.v_proj", group)], width, config.AttentionBias),
            Fused([("self_attn.o_proj", width)], query, config.AttentionBias),
            weights.Take(block + "post_attention_layernorm.weight", width),
            Fused([("mlp.gate_proj", hidden), ("mlp.up_proj", hidden)], width, config.MlpBias),
            Fused([("mlp.down_proj", width)], hidden, config.MlpBias));

        Projection Fused((string Name, long Rows)[] parts, long inputs, bool bias)
        {
            Tensor weight = weights.TakeStacked([.. parts.Select(part => ($"{block}{part.Name}.weight", new[] { part.Rows, inputs }))]);
            Tensor? offset = bias ? weights.TakeStacked([.. parts.Select(part => ($"{block}{part.Name}.bias", new[] { part.Rows }))]) : null;
            return new Projection(weight, offset, type);
        }
    }
}
