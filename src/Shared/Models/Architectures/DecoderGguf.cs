using Workbench.Models.Weights;

namespace Workbench.Models.Architectures;

/// <summary>What the GGUF files of the families share: metadata, and names of modules.</summary>
internal static class DecoderGguf
{
    /// <summary>Norms of what attention and MLP read.</summary>
    public static readonly (string There, string Here)[] PreNorms = [("input_layernorm", "attn_norm"), ("post_attention_layernorm", "ffn_norm")];

    /// <summary>Norms of what they add, beside those of what they read where a family has both.</summary>
    public static readonly (string There, string Here)[] PostNorms =
    [
        ("input_layernorm", "attn_norm"),
        ("post_attention_layernorm", "post_attention_norm"),
        ("pre_feedforward_layernorm", "ffn_norm"),
        ("post_feedforward_layernorm", "post_ffw_norm"),
    ];

    private static readonly (string There, string Here)[] s_outside =
    [
        ("model.embed_tokens", "token_embd"), ("model.norm", "output_norm"), ("lm_head", "output"),
    ];

    private static readonly (string There, string Here)[] s_block =
    [
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.q_norm", "attn_q_norm"),
        ("self_attn.k_norm", "attn_k_norm"),
        ("self_attn.o_proj", "attn_output"),
        ("mlp.gate_proj", "ffn_gate"),
        ("mlp.up_proj", "ffn_up"),
        ("mlp.down_proj", "ffn_down"),
    ];

    /// <summary>Reads the metadata of a family with RMS norms and rotary positions.</summary>
    public static ModelConfig Read(GgufFields gguf, string family)
    {
        ModelConfig model = ReadSizes(gguf, family, "attention.layer_norm_rms_epsilon");
        return model with
        {
            Rope = GgufRopeFields.Read(gguf, model.HeadDim, model.ContextLength),
            AttentionBias = Holds(gguf, "blk.0.attn_q.bias"),
            MlpBias = Holds(gguf, "blk.0.ffn_gate.bias"),
        };
    }

    /// <summary>Reads sizes, the norms' epsilon and what the presence of tensors tells.</summary>
    public static ModelConfig ReadSizes(GgufFields gguf, string family, string epsilon)
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

        return new ModelConfig
        {
            Family = family,
            Layers = gguf.Size("block_count", SizeLimits.Layers),
            Width = width,
            Heads = heads,
            KeyValueHeads = groups,
            HeadDim = head > 0 ? head : throw gguf.Bad("attention.head_count", $"at most the width ({width})"),
            IntermediateSize = gguf.Size("feed_forward_length", SizeLimits.Hidden),
            VocabularySize = VocabularySize(gguf.File),
            ContextLength = gguf.Positive("context_length"),
            NormEpsilon = gguf.PositiveReal(epsilon),
            TiedEmbeddings = !Holds(gguf, "output.weight"),
            BosId = gguf.File.FindInt32("tokenizer.ggml.bos_token_id"),
            EosIds = gguf.File.FindInt32("tokenizer.ggml.eos_token_id") is int eos ? [eos] : [],
        };
    }

    /// <summary>Completes a config with a sliding window, where the file names one.</summary>
    /// <param name="gguf">The metadata.</param>
    /// <param name="model">What is read so far.</param>
    /// <param name="windowed">Whether each layer has the window.</param>
    public static ModelConfig Window(GgufFields gguf, ModelConfig model, Func<bool[]> windowed)
    {
        return gguf.OptionalPositive("attention.sliding_window") is not int window ? model
            : windowed() is var layers && layers.Contains(true) ? model with { SlidingWindow = window, WindowedLayers = layers }
            : model;
    }

    /// <summary>The same with the window in every layer.</summary>
    public static ModelConfig Window(GgufFields gguf, ModelConfig model)
    {
        return Window(gguf, model, () => [.. Enumerable.Repeat(true, model.Layers)]);
    }

    /// <summary>Refuses heads that do not make up the width, in families whose fused matrix has three times its rows.</summary>
    public static ModelConfig WithWholeHeads(GgufFields gguf, ModelConfig model)
    {
        return model.KeyValueHeads != model.Heads ? throw gguf.Bad("attention.head_count_kv", $"the number of heads ({model.Heads})")
            : model.Heads * model.HeadDim != model.Width ? throw gguf.Bad("attention.head_count", $"heads that make up the width ({model.Width})")
            : model;
    }

    /// <summary>Whether the file holds a tensor.</summary>
    public static bool Holds(GgufFields gguf, string tensor)
    {
        return gguf.File.Tensors.ContainsKey(tensor);
    }

    /// <summary>Weights of a family that is named as Llama is.</summary>
    /// <param name="file">The file.</param>
    /// <param name="config">Its config.</param>
    /// <param name="norms">Norms of a block.</param>
    /// <param name="place">See <see cref="GgufPlaces.Place"/>; null where tensors are stored as they are.</param>
    public static GgufWeights Weights(
        GgufFile file, ModelConfig config, (string There, string Here)[] norms, Func<string, string, GgufPlace>? place = null)
    {
        return WeightsOf(file, config, [.. norms, .. s_block], place);
    }

    /// <summary>The same for a family with other modules in a block.</summary>
    public static GgufWeights WeightsOf(
        GgufFile file, ModelConfig config, IEnumerable<(string There, string Here)> block, Func<string, string, GgufPlace>? place = null)
    {
        GgufPlaces places = place is null ? new GgufPlaces() : new GgufPlaces { Place = place };
        return new GgufWeights(file, places.Add(s_outside).AddBlocks("model.layers.", config.Layers, block).All, GgufRopeFields.Tensors);
    }

    private static int VocabularySize(GgufFile file)
    {
        return file.Tensors.TryGetValue("token_embd.weight", out GgufTensor? embedding) && embedding.Shape is [> 0 and <= int.MaxValue, _]
            ? (int)embedding.Shape[0]
            : throw new WorkbenchException($"{file.Path} lacks the matrix 'token_embd.weight'; it is no language model or not whole.");
    }
}
