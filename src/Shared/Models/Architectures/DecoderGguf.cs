using Workbench.Models.Weights;

namespace Workbench.Models.Architectures;

/// <summary>What the GGUF files of the families after Llama share: metadata, and names of tensors.</summary>
internal static class DecoderGguf
{
    private static readonly (string There, string Here)[] s_block =
    [
        ("input_layernorm", "attn_norm"),
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.q_norm", "attn_q_norm"),
        ("self_attn.k_norm", "attn_k_norm"),
        ("self_attn.o_proj", "attn_output"),
        ("post_attention_layernorm", "ffn_norm"),
        ("mlp.gate_proj", "ffn_gate"),
        ("mlp.up_proj", "ffn_up"),
        ("mlp.down_proj", "ffn_down"),
    ];

    /// <summary>Reads the metadata.</summary>
    public static ModelConfig Read(GgufFields gguf, string family)
    {
        int width = gguf.Size("embedding_length", SizeLimits.Width);
        int heads = gguf.Size("attention.head_count", SizeLimits.Heads);
        int groups = gguf.Size("attention.head_count_kv", SizeLimits.Heads, heads);
        int head = gguf.Size("attention.key_length", SizeLimits.HeadDim, width / heads);
        if (heads % groups != 0)
        {
            throw gguf.Bad("attention.head_count_kv", $"a divisor of the {heads} heads");
        }

        if (gguf.Positive("attention.value_length", head) != head)
        {
            throw gguf.Bad("attention.value_length", $"the width of a key ({head})");
        }

        if (gguf.Positive("rope.dimension_count", head) != head || head % 2 != 0)
        {
            throw gguf.Bad("rope.dimension_count", $"the even head width ({head})");
        }

        return new ModelConfig
        {
            Family = family,
            Layers = gguf.Size("block_count", SizeLimits.Layers),
            Width = width,
            Heads = heads,
            KeyValueHeads = groups,
            HeadDim = head,
            IntermediateSize = gguf.Size("feed_forward_length", SizeLimits.Hidden),
            VocabularySize = VocabularySize(gguf.File),
            ContextLength = gguf.Positive("context_length"),
            NormEpsilon = gguf.PositiveReal("attention.layer_norm_rms_epsilon"),
            Rope = Rope(gguf),
            TiedEmbeddings = !gguf.File.Tensors.ContainsKey("output.weight"),
            AttentionBias = gguf.File.Tensors.ContainsKey("blk.0.attn_q.bias"),
            MlpBias = gguf.File.Tensors.ContainsKey("blk.0.ffn_gate.bias"),
            BosId = gguf.File.FindInt32("tokenizer.ggml.bos_token_id"),
            EosIds = gguf.File.FindInt32("tokenizer.ggml.eos_token_id") is int eos ? [eos] : [],
        };
    }

    /// <summary>Names in the file, by name of Hugging Face.</summary>
    public static Dictionary<string, string> Names(ModelConfig config)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["model.embed_tokens.weight"] = "token_embd.weight",
            ["model.norm.weight"] = "output_norm.weight",
            ["lm_head.weight"] = "output.weight",
        };
        for (int layer = 0; layer < config.Layers; layer++)
        {
            foreach ((string there, string here) in s_block)
            {
                names[$"model.layers.{layer}.{there}.weight"] = $"blk.{layer}.{here}.weight";
                names[$"model.layers.{layer}.{there}.bias"] = $"blk.{layer}.{here}.bias";
            }
        }

        return names;
    }

    private static int VocabularySize(GgufFile file)
    {
        return file.Tensors.TryGetValue("token_embd.weight", out GgufTensor? embedding) && embedding.Shape is [> 0 and <= int.MaxValue, _]
            ? (int)embedding.Shape[0]
            : throw new WorkbenchException($"{file.Path} lacks the matrix 'token_embd.weight'; it is no language model or not whole.");
    }

    private static RopeSettings Rope(GgufFields gguf)
    {
        double theta = gguf.PositiveReal("rope.freq_base", 10000);
        return gguf.String("rope.scaling.type", "none") switch
        {
            "none" => new RopeSettings(theta),
            "linear" => new RopeSettings(theta, new RopeScaling(RopeScalingKind.Linear, gguf.PositiveReal("rope.scaling.factor"))),
            _ => throw gguf.Bad("rope.scaling.type", "none or linear"),
        };
    }
}
