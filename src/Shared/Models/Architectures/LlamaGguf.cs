using TorchSharp;
using Workbench.Models.Weights;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>What differs between a Llama GGUF and the same model of Hugging Face: names, and the order of query and key rows.</summary>
internal static class LlamaGguf
{
    /// <summary>Divisors of the rotary frequencies, with which files of Llama 3 carry its scaling.</summary>
    public const string FrequencyDivisors = "rope_freqs.weight";

    public static int VocabularySize(GgufFile file)
    {
        return file.Tensors.TryGetValue("token_embd.weight", out GgufTensor? embedding) && embedding.Shape.Length == 2
            ? checked((int)embedding.Shape[0])
            : throw new WorkbenchException($"{file.Path} lacks the matrix 'token_embd.weight'; it is no language model or not whole.");
    }

    public static RopeSettings Rope(GgufFields gguf)
    {
        double theta = gguf.PositiveReal("rope.freq_base", 10000);
        return gguf.String("rope.scaling.type", "none") switch
        {
            "none" => new RopeSettings(theta),
            "linear" => new RopeSettings(theta, new RopeScaling(RopeScalingKind.Linear, gguf.PositiveReal("rope.scaling.factor"))),
            _ => throw gguf.Bad("rope.scaling.type", "none or linear"),
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

    /// <summary>Undoes the reordering of query and key rows, with which these files let rotary act on neighbouring pairs.</summary>
    public static Func<string, Tensor, Tensor> RowOrder(ModelConfig config)
    {
        return (name, stored) => name.Contains(".q_proj.", StringComparison.Ordinal) ? Halves(stored, config.Heads)
            : name.Contains(".k_proj.", StringComparison.Ordinal) ? Halves(stored, config.KeyValueHeads)
            : stored.alias();
    }

    /// <summary>Rows (i, half) of every head become (half, i).</summary>
    private static Tensor Halves(Tensor stored, int heads)
    {
        using var scope = torch.NewDisposeScope();
        long[] shape = stored.shape;
        return stored.reshape(heads, shape[0] / heads / 2, 2, -1).transpose(1, 2).reshape(shape).MoveToOuterDisposeScope();
    }

    private static readonly (string There, string Here)[] s_block =
    [
        ("input_layernorm", "attn_norm"),
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.o_proj", "attn_output"),
        ("post_attention_layernorm", "ffn_norm"),
        ("mlp.gate_proj", "ffn_gate"),
        ("mlp.up_proj", "ffn_up"),
        ("mlp.down_proj", "ffn_down"),
    ];
}
