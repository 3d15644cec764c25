using Workbench.Models;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

/// <summary>
/// Converts a folder of Hugging Face to GGUF by the rules of llama.cpp's conversion scripts: names, reordered rows, transposed matrices,
/// norms with one added. What the format has no place for (a scale of attention that is not the head's) is folded into the weights.
/// </summary>
internal sealed class GgufModel
{
    private static readonly Dictionary<string, string> s_architectures = new(StringComparer.Ordinal)
    {
        ["gpt2"] = "gpt2", ["gpt_neox"] = "gptneox", ["llama"] = "llama", ["mistral"] = "llama", ["qwen2"] = "qwen2", ["qwen3"] = "qwen3",
        ["gemma2"] = "gemma2", ["gemma3_text"] = "gemma3", ["olmo2"] = "olmo2", ["phi3"] = "phi3",
    };

    private static readonly (string From, string To)[] s_names =
    [
        ("model.embed_tokens", "token_embd"), ("gpt_neox.embed_in", "token_embd"), ("transformer.wte", "token_embd"), ("transformer.wpe", "position_embd"),
        ("model.norm", "output_norm"), ("gpt_neox.final_layer_norm", "output_norm"), ("transformer.ln_f", "output_norm"),
        ("lm_head", "output"), ("embed_out", "output"),
        ("model.layers", "blk"), ("gpt_neox.layers", "blk"), ("transformer.h.", "blk."),
        ("input_layernorm", "attn_norm"), ("ln_1", "attn_norm"), ("pre_feedforward_layernorm", "ffn_norm"), ("ln_2", "ffn_norm"),
        ("post_feedforward_layernorm", "post_ffw_norm"),
        ("attention.query_key_value", "attn_qkv"), ("attn.c_attn", "attn_qkv"), ("self_attn.qkv_proj", "attn_qkv"),
        ("attention.dense", "attn_output"), ("attn.c_proj", "attn_output"), ("self_attn.o_proj", "attn_output"),
        ("self_attn.q_norm", "attn_q_norm"), ("self_attn.k_norm", "attn_k_norm"),
        ("self_attn.q_proj", "attn_q"), ("self_attn.k_proj", "attn_k"), ("self_attn.v_proj", "attn_v"),
        ("mlp.gate_up_proj", "ffn_up"), ("mlp.gate_proj", "ffn_gate"), ("mlp.up_proj", "ffn_up"), ("mlp.down_proj", "ffn_down"),
        ("mlp.dense_h_to_4h", "ffn_up"), ("mlp.dense_4h_to_h", "ffn_down"), ("mlp.c_fc", "ffn_up"), ("mlp.c_proj", "ffn_down"),
    ];

    private readonly LanguageModelCase _golden;
    private readonly ModelConfig _config;
    private readonly GgufWriter _file = new();

    private GgufModel(LanguageModelCase golden, ModelConfig config)
    {
        _golden = golden;
        _config = config;
    }

    private string Architecture => s_architectures[_golden.Family];

    private bool IsGemma => Architecture is "gemma2" or "gemma3";

    /// <summary>The file, or null where the format cannot say what the model is.</summary>
    public static byte[]? TryConvert(LanguageModelCase golden)
    {
        ModelConfig config = ModelFiles.Find(golden.Folder).ReadConfig();
        bool silent = config.AttentionScaledByLayer || (golden.Family.StartsWith("qwen", StringComparison.Ordinal) && config.SlidingWindow is not null);
        return silent ? null : new GgufModel(golden, config).Convert();
    }

    private byte[] Convert()
    {
        using var scope = NewDisposeScope();
        Metadata();
        Rotary();
        Windows();
        SafetensorsFile weights = SafetensorsFile.Open(Path.Combine(_golden.Folder, "model.safetensors"));
        foreach (string name in weights.Names)
        {
            _ = _file.Add(Renamed(name), Arranged(name, weights.Load(name, ScalarType.Float32)));
        }

        return _file.ToArray();
    }

    private void Metadata()
    {
        _ = _file.Set("general.architecture", Architecture);
        Set("block_count", _config.Layers);
        Set("context_length", _config.ContextLength);
        Set("embedding_length", _config.Width);
        Set("feed_forward_length", _config.IntermediateSize);
        Set("attention.head_count", _config.Heads);
        Set("attention.head_count_kv", _config.KeyValueHeads);
        Set("vocab_size", _config.VocabularySize);
        Set(Architecture.StartsWith("gpt", StringComparison.Ordinal) ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon", _config.NormEpsilon);
        if (_config.HeadDim * _config.Heads != _config.Width)
        {
            Set("attention.key_length", _config.HeadDim);
            Set("attention.value_length", _config.HeadDim);
        }

        if (Architecture == "gptneox")
        {
            Set("use_parallel_residual", _config.ParallelResidual);
        }

        if (_config.AttentionSoftCap is double cap)
        {
            Set("attn_logit_softcapping", cap);
        }

        if (_config.LogitSoftCap is double logitCap)
        {
            Set("final_logit_softcapping", logitCap);
        }
    }

    private void Rotary()
    {
        if (_config.Rope is not RopeSettings rope)
        {
            return;
        }

        Set("rope.dimension_count", (int)(_config.HeadDim * rope.Share));
        Set("rope.freq_base", rope.Base);
        switch (rope.Scaling)
        {
            case LinearRopeScaling linear:
                Set("rope.scaling.type", "linear");
                Set("rope.scaling.factor", linear.Factor);
                break;
            case Llama3RopeScaling llama3:
                float[] divisors = [.. Enumerable.Range(0, _config.HeadDim / 2).Select(i => Divisor(llama3, Math.Pow(rope.Base, -2.0 * i / _config.HeadDim)))];
                _ = _file.Add("rope_freqs.weight", tensor(divisors));
                break;
            case YarnRopeScaling yarn:
                Set("rope.scaling.type", "yarn");
                Set("rope.scaling.factor", yarn.Factor);
                Set("rope.scaling.original_context_length", yarn.OriginalContext);
                break;
            case LongRopeScaling longer:
                Set("rope.scaling.original_context_length", longer.OriginalContext);
                Set("rope.scaling.attn_factor", longer.Attention);
                _ = _file.Add("rope_factors_short.weight", tensor(longer.ShortDivisors.Select(divisor => (float)divisor).ToArray()))
                    .Add("rope_factors_long.weight", tensor(longer.LongDivisors.Select(divisor => (float)divisor).ToArray()));
                break;
            default:
                rope.Scaling.ShouldBeNull();
                break;
        }
    }

    private void Windows()
    {
        if (_config.SlidingWindow is int window)
        {
            Set("attention.sliding_window", window);
            int global = _config.WindowedLayers.ToList().IndexOf(false);
            if (global >= 0)
            {
                Set("attention.sliding_window_pattern", global + 1);
            }
        }

        if (_config.LocalRope is RopeSettings local)
        {
            Set("rope.freq_base_swa", local.Base);
        }
    }

    private static float Divisor(Llama3RopeScaling scaling, double frequency)
    {
        double wavelength = 2 * Math.PI / frequency;
        double smooth = ((scaling.OriginalContext / wavelength) - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return wavelength < scaling.OriginalContext / scaling.HighFrequencyFactor ? 1f
            : wavelength > scaling.OriginalContext / scaling.LowFrequencyFactor ? (float)scaling.Factor
            : (float)(1 / (((1 - smooth) / scaling.Factor) + smooth));
    }

    private string Renamed(string name)
    {
        string norm = IsGemma || Architecture == "olmo2" ? "post_attention_norm" : "ffn_norm";
        return s_names.Append(("post_attention_layernorm", norm)).Aggregate(name, (text, part) => text.Replace(part.Item1, part.Item2, StringComparison.Ordinal));
    }

    private Tensor Arranged(string name, Tensor tensor)
    {
        string module = name[..name.LastIndexOf('.')];
        bool isWeight = name.EndsWith(".weight", StringComparison.Ordinal);
        Tensor arranged = module[(module.LastIndexOf('.') + 1)..] switch
        {
            "q_proj" when Architecture == "llama" => Pairs(tensor, _config.Heads),
            "k_proj" when Architecture == "llama" => Pairs(tensor, _config.KeyValueHeads),
            "c_attn" or "c_proj" or "c_fc" when isWeight => tensor.t(),
            "query_key_value" => tensor.reshape(_config.Heads, 3, _config.HeadDim, -1).transpose(0, 1).reshape(tensor.shape),
            _ => IsGemma && module.EndsWith("norm", StringComparison.Ordinal) ? tensor + 1 : tensor,
        };
        bool scales = IsGemma && module.EndsWith(Architecture == "gemma2" ? "q_proj" : "q_norm", StringComparison.Ordinal);
        return scales ? arranged * (_config.AttentionScale!.Value * Math.Sqrt(_config.HeadDim)) : arranged;
    }

    /// <summary>Rows (half, i) of every head become (i, half).</summary>
    private static Tensor Pairs(Tensor tensor, int heads)
    {
        return tensor.reshape(heads, 2, tensor.shape[0] / heads / 2, -1).transpose(1, 2).reshape(tensor.shape);
    }

    private void Set(string field, object value)
    {
        _ = _file.Set($"{Architecture}.{field}", value);
    }
}
