using System.Text.Json.Nodes;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models.Reference;

/// <summary>A small decoder of one of the families named as Llama is, with sizes that no vector width divides.</summary>
internal sealed record DecoderSpec
{
    public const double Epsilon = 1e-3;

    public required string Family { get; init; }

    public required int Width { get; init; }

    public required int Groups { get; init; }

    public required int Share { get; init; }

    public required int HeadDim { get; init; }

    public required int Rotated { get; init; }

    public required int Hidden { get; init; }

    public required int Vocabulary { get; init; }

    public required int Layers { get; init; }

    public required int Window { get; init; }

    public required bool Tied { get; init; }

    public required bool Bias { get; init; }

    public int Heads => Groups * Share;

    public double Theta => 700;

    public bool IsGemma => Family.StartsWith("gemma", StringComparison.Ordinal);

    public bool NormsInputs => Family != "olmo2";

    public bool NormsOutputs => IsGemma || Family == "olmo2";

    public bool HasHeadNorm => Family is "qwen3" or "gemma3_text" or "olmo2";

    public double? AttentionCap => Family == "gemma2" ? 2.5 : null;

    public double? LogitCap => Family == "gemma2" ? 4 : null;

    public double QueryScalar => IsGemma ? 11 : HeadDim;

    /// <summary>Whether attention has biases on queries, keys and values, and on its output.</summary>
    public (bool Inner, bool Output) AttentionBias => Family == "qwen2" ? (true, false) : Family is "mistral" or "phi3" ? (false, false) : (Bias, Bias);

    public bool MlpBias => Family == "llama" && Bias;

    /// <summary>A spec drawn at random; what a family lacks is not drawn.</summary>
    public static DecoderSpec Draw(string family, Random random)
    {
        int headDim = 2 * random.Next(1, 22);
        bool ownHeadDim = family is not ("olmo2" or "phi3" or "qwen2");
        int groups = random.Next(1, 4);
        int share = random.Next(1, 5);
        return new DecoderSpec
        {
            Family = family,
            HeadDim = headDim,
            Groups = groups,
            Share = share,
            Width = ownHeadDim ? random.Next(9, 75) : headDim * groups * share,
            Rotated = family == "phi3" ? 2 * random.Next(1, (headDim / 2) + 1) : headDim,
            Hidden = random.Next(5, 90),
            Vocabulary = random.Next(11, 140),
            Layers = random.Next(1, 5),
            Window = random.Next(1, 12),
            Tied = random.Next(2) == 0,
            Bias = random.Next(2) == 0,
        };
    }

    /// <summary>Whether a layer sees a window only.</summary>
    public bool IsWindowed(int layer)
    {
        return Family switch
        {
            "mistral" or "phi3" => true,
            "gemma2" => layer % 2 == 0,
            "gemma3_text" => (layer + 1) % 3 != 0,
            _ => false,
        };
    }

    /// <summary>Base of the wavelengths of a layer.</summary>
    public double Base(int layer)
    {
        return Family == "gemma3_text" && IsWindowed(layer) ? 90 : Theta;
    }

    public string Write(string folder, Dictionary<string, Tensor> tensors)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), Config().ToJsonString());
        using FileStream file = File.Create(Path.Combine(folder, "model.safetensors"));
        SafetensorsWriter.Write(file, [.. tensors.Select(pair => (pair.Key, pair.Value))]);
        return folder;
    }

    /// <summary>Random float32 weights under the family's names.</summary>
    public Dictionary<string, Tensor> Weights(int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        (int query, int key) = (Heads * HeadDim, Groups * HeadDim);
        Add("model.embed_tokens.weight", 1, Vocabulary, Width);
        AddNorm("model.norm.weight", Width);
        if (!Tied)
        {
            Add("lm_head.weight", 0.3, Vocabulary, Width);
        }

        for (int layer = 0; layer < Layers; layer++)
        {
            string block = $"model.layers.{layer}.";
            foreach (string norm in Norms())
            {
                AddNorm($"{block}{norm}.weight", Width);
            }

            if (HasHeadNorm)
            {
                AddNorm(block + "self_attn.q_norm.weight", Family == "olmo2" ? query : HeadDim);
                AddNorm(block + "self_attn.k_norm.weight", Family == "olmo2" ? key : HeadDim);
            }

            if (Family == "phi3")
            {
                Linear(block + "self_attn.qkv_proj", query + (2 * key), Width, bias: false);
                Linear(block + "mlp.gate_up_proj", 2 * Hidden, Width, bias: false);
            }
            else
            {
                Linear(block + "self_attn.q_proj", query, Width, AttentionBias.Inner);
                Linear(block + "self_attn.k_proj", key, Width, AttentionBias.Inner);
                Linear(block + "self_attn.v_proj", key, Width, AttentionBias.Inner);
                Linear(block + "mlp.gate_proj", Hidden, Width, MlpBias);
                Linear(block + "mlp.up_proj", Hidden, Width, MlpBias);
            }

            Linear(block + "self_attn.o_proj", Width, query, AttentionBias.Output);
            Linear(block + "mlp.down_proj", Width, Hidden, MlpBias);
        }

        return tensors;

        void Add(string name, double scale, params long[] shape) => tensors[name] = randn(shape, generator: generator) * scale;

        void AddNorm(string name, int width) => tensors[name] = (randn([width], generator: generator) * 0.3) + (IsGemma ? 0 : 1);

        void Linear(string name, int rows, int columns, bool bias)
        {
            Add(name + ".weight", 1 / Math.Sqrt(columns), rows, columns);
            if (bias)
            {
                Add(name + ".bias", 0.3, rows);
            }
        }
    }

    private string[] Norms()
    {
        return IsGemma ? ["input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"]
            : NormsOutputs ? ["post_attention_layernorm", "post_feedforward_layernorm"]
            : ["input_layernorm", "post_attention_layernorm"];
    }

    private JsonObject Config()
    {
        var config = new JsonObject
        {
            ["model_type"] = Family,
            ["hidden_size"] = Width,
            ["num_attention_heads"] = Heads,
            ["num_key_value_heads"] = Groups,
            ["num_hidden_layers"] = Layers,
            ["intermediate_size"] = Hidden,
            ["vocab_size"] = Vocabulary,
            ["max_position_embeddings"] = 256,
            ["rms_norm_eps"] = Epsilon,
            ["rope_theta"] = Theta,
            ["tie_word_embeddings"] = Tied,
        };
        if (Family is not ("olmo2" or "phi3" or "qwen2"))
        {
            config["head_dim"] = HeadDim;
        }

        if (Family is "llama" or "qwen3" or "olmo2" || IsGemma)
        {
            config["attention_bias"] = Bias;
        }

        if (Family == "llama")
        {
            config["mlp_bias"] = Bias;
        }

        if (Family == "phi3")
        {
            // The exact share may lie just under the number of elements.
            config["partial_rotary_factor"] = Math.Min((Rotated + 0.01) / HeadDim, 1);
        }

        if (Family is "mistral" or "phi3" || IsGemma)
        {
            config["sliding_window"] = Window;
        }

        if (IsGemma)
        {
            config["query_pre_attn_scalar"] = QueryScalar;
            config["attn_logit_softcapping"] = AttentionCap;
            config["final_logit_softcapping"] = LogitCap;
        }

        if (Family == "gemma3_text")
        {
            config["rope_local_base_freq"] = 90;
            config["sliding_window_pattern"] = 3;
        }

        return config;
    }
}
