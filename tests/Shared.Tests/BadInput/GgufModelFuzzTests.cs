using Workbench.Models;
using Workbench.Numerics;
using Workbench.Shared.Tests.Models;
using static TorchSharp.torch;

namespace Workbench.Shared.Tests.BadInput;

[Trait("Category", "BadInput")]
public sealed class GgufModelFuzzTests
{
    private const int Width = 8;
    private const int Vocabulary = 5;

    private static readonly (string Name, long[] Shape)[] s_phi3 =
    [
        ("token_embd.weight", [Vocabulary, Width]), ("output_norm.weight", [Width]), ("rope_factors_short.weight", [2]), ("rope_factors_long.weight", [2]),
        ("blk.0.attn_norm.weight", [Width]), ("blk.0.ffn_norm.weight", [Width]), ("blk.0.attn_qkv.weight", [3 * Width, Width]),
        ("blk.0.attn_output.weight", [Width, Width]), ("blk.0.ffn_up.weight", [6, Width]), ("blk.0.ffn_down.weight", [Width, 3]),
    ];

    private static readonly (string Name, long[] Shape)[] s_gemma3 =
    [
        ("token_embd.weight", [Vocabulary, Width]), ("output_norm.weight", [Width]), ("blk.0.attn_norm.weight", [Width]), ("blk.0.ffn_norm.weight", [Width]),
        ("blk.0.post_attention_norm.weight", [Width]), ("blk.0.post_ffw_norm.weight", [Width]), ("blk.0.attn_q_norm.weight", [4]),
        ("blk.0.attn_k_norm.weight", [4]), ("blk.0.attn_q.weight", [Width, Width]), ("blk.0.attn_k.weight", [Width, Width]),
        ("blk.0.attn_v.weight", [Width, Width]), ("blk.0.attn_output.weight", [Width, Width]), ("blk.0.ffn_gate.weight", [3, Width]),
        ("blk.0.ffn_up.weight", [3, Width]), ("blk.0.ffn_down.weight", [Width, 3]),
    ];

    private static readonly (string Name, long[] Shape)[] s_gpt2 =
    [
        ("token_embd.weight", [Vocabulary, Width]), ("position_embd.weight", [4, Width]), ("output_norm.weight", [Width]), ("output_norm.bias", [Width]),
        ("blk.0.attn_norm.weight", [Width]), ("blk.0.attn_norm.bias", [Width]), ("blk.0.ffn_norm.weight", [Width]), ("blk.0.ffn_norm.bias", [Width]),
        ("blk.0.attn_qkv.weight", [3 * Width, Width]), ("blk.0.attn_qkv.bias", [3 * Width]), ("blk.0.attn_output.weight", [Width, Width]),
        ("blk.0.attn_output.bias", [Width]), ("blk.0.ffn_up.weight", [3, Width]), ("blk.0.ffn_up.bias", [3]), ("blk.0.ffn_down.weight", [Width, 3]),
        ("blk.0.ffn_down.bias", [Width]),
    ];

    [Fact]
    public void Damaged_models_are_loaded_or_refused()
    {
        byte[][] seeds =
        [
            Write("phi3", "attention.layer_norm_rms_epsilon", s_phi3, ("rope.scaling.original_context_length", 2), ("rope.scaling.attn_factor", 1.1)),
            Write(
                "gemma3",
                "attention.layer_norm_rms_epsilon",
                s_gemma3,
                ("attention.sliding_window", 2),
                ("attention.sliding_window_pattern", 2),
                ("rope.scaling.type", "yarn"),
                ("rope.scaling.factor", 2.0)),
            Write("gpt2", "attention.layer_norm_epsilon", s_gpt2),
        ];
        BadInputRun.Of("model.gguf", seeds, Damage.Bytes, path => ModelFiles.Find(path).LoadModel(precision: MatrixPrecision.Float32).Dispose());
    }

    private static byte[] Write(string family, string epsilon, (string Name, long[] Shape)[] tensors, params (string Field, object Value)[] more)
    {
        using var scope = NewDisposeScope();
        GgufWriter file = new GgufWriter().Set("general.architecture", family);
        (string Field, object Value)[] common =
        [
            ("block_count", 1), ("context_length", 4), ("embedding_length", Width), ("feed_forward_length", 3), ("attention.head_count", 2), (epsilon, 1e-5),
        ];
        foreach ((string field, object value) in common.Concat(more))
        {
            _ = file.Set($"{family}.{field}", value);
        }

        foreach ((string name, long[] shape) in tensors)
        {
            _ = file.Add(name, ones(shape));
        }

        return file.ToArray();
    }
}
