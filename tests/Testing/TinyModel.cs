using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Models.Weights;
using Workbench.Workspaces;
using static TorchSharp.torch;

namespace Workbench.Testing;

/// <summary>
/// A small Llama with random weights and a tokenizer of single bytes, written as a Hugging Face folder. Token 0 is
/// <c>&lt;|endoftext|&gt;</c>, both BOS and EOS; token 1 + b is the byte b.
/// </summary>
public sealed record TinyModel
{
    private const string Separator = "<|endoftext|>";

    public const int VocabularySize = 257;

    public int Layers { get; init; } = 2;

    public int Width { get; init; } = 32;

    public int Heads { get; init; } = 2;

    public int KeyValueHeads { get; init; } = 1;

    public int Intermediate { get; init; } = 48;

    public int Context { get; init; } = 64;

    public int Seed { get; init; } = 1;

    /// <summary>Factor of the embedding, to reach large activations.</summary>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>Factor of the embedding of BOS alone, to make its position an attention sink.</summary>
    public double BosScale { get; init; } = 1;

    /// <summary>Whether the tokenizer itself begins a text with BOS.</summary>
    public bool AddsBos { get; init; } = true;

    /// <summary>Writes config.json, model.safetensors and tokenizer.json.</summary>
    /// <returns>The folder.</returns>
    public string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, "config.json"), Config().ToJsonString());
        AtomicFile.WriteText(Path.Combine(folder, "tokenizer.json"), Tokenizer().ToJsonString());
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)Seed, CPU);
        List<(string, Tensor)> tensors = [.. Tensors(generator)];
        AtomicFile.Write(
            Path.Combine(folder, "model.safetensors"),
            stream => SafetensorsWriter.Write(stream, tensors, new Dictionary<string, string> { ["format"] = "pt" }));
        return folder;
    }

    /// <summary>The characters by which byte-level vocabularies write bytes: printable ones stand for themselves.</summary>
    private static IEnumerable<string> ByteAlphabet()
    {
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            yield return ((char)(printable ? value : next++)).ToString();
        }
    }

    private IEnumerable<(string Name, Tensor Tensor)> Tensors(Generator generator)
    {
        Tensor Normal(double scale, params long[] shape) => randn(shape, generator: generator) * scale;
        int keyValueWidth = Width / Heads * KeyValueHeads;
        double scale = 0.7 / Math.Sqrt(Width);
        Tensor embedding = Normal(EmbeddingScale, VocabularySize, Width);
        embedding[0].mul_(BosScale);
        yield return ("model.embed_tokens.weight", embedding);
        for (int layer = 0; layer < Layers; layer++)
        {
            string block = $"model.layers.{layer}.";
            yield return (block + "input_layernorm.weight", 1 + Normal(0.1, Width));
            yield return (block + "mlp.down_proj.weight", Normal(scale, Width, Intermediate));
            yield return (block + "mlp.gate_proj.weight", Normal(scale, Intermediate, Width));
            yield return (block + "mlp.up_proj.weight", Normal(scale, Intermediate, Width));
            yield return (block + "post_attention_layernorm.weight", 1 + Normal(0.1, Width));
            yield return (block + "self_attn.k_proj.weight", Normal(scale, keyValueWidth, Width));
            yield return (block + "self_attn.o_proj.weight", Normal(scale, Width, Width));
            yield return (block + "self_attn.q_proj.weight", Normal(scale, Width, Width));
            yield return (block + "self_attn.v_proj.weight", Normal(scale, keyValueWidth, Width));
        }

        yield return ("model.norm.weight", 1 + Normal(0.1, Width));
    }

    private JsonObject Config()
    {
        return new JsonObject
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["attention_bias"] = false,
            ["attention_dropout"] = 0.0,
            ["bos_token_id"] = 0,
            ["dtype"] = "float32",
            ["eos_token_id"] = 0,
            ["head_dim"] = Width / Heads,
            ["hidden_act"] = "silu",
            ["hidden_size"] = Width,
            ["initializer_range"] = 0.02,
            ["intermediate_size"] = Intermediate,
            ["max_position_embeddings"] = Context,
            ["mlp_bias"] = false,
            ["model_type"] = "llama",
            ["num_attention_heads"] = Heads,
            ["num_hidden_layers"] = Layers,
            ["num_key_value_heads"] = KeyValueHeads,
            ["pad_token_id"] = null,
            ["pretraining_tp"] = 1,
            ["rms_norm_eps"] = 1e-5,
            ["rope_parameters"] = new JsonObject { ["rope_theta"] = 10_000.0, ["rope_type"] = "default" },
            ["tie_word_embeddings"] = true,
            ["use_cache"] = true,
            ["vocab_size"] = VocabularySize,
        };
    }

    private JsonObject Tokenizer()
    {
        var vocabulary = new JsonObject { [Separator] = 0 };
        foreach ((int value, string text) in ByteAlphabet().Index())
        {
            vocabulary[text] = value + 1;
        }

        static JsonObject ByteLevel() => new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = false, ["use_regex"] = true };
        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(new JsonObject
            {
                ["id"] = 0, ["content"] = Separator, ["single_word"] = false, ["lstrip"] = false,
                ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
            }),
            ["normalizer"] = null,
            ["pre_tokenizer"] = ByteLevel(),
            ["post_processor"] = AddsBos ? Template() : ByteLevel(),
            ["decoder"] = ByteLevel(),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE", ["dropout"] = null, ["unk_token"] = null, ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null, ["fuse_unk"] = false, ["byte_fallback"] = false, ["ignore_merges"] = false,
                ["vocab"] = vocabulary, ["merges"] = new JsonArray(),
            },
        };
    }

    private static JsonObject Template()
    {
        JsonObject special = new() { ["SpecialToken"] = new JsonObject { ["id"] = Separator, ["type_id"] = 0 } };
        JsonObject text = new() { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } };
        JsonObject pair = new() { ["Sequence"] = new JsonObject { ["id"] = "B", ["type_id"] = 1 } };
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(special, text),
            ["pair"] = new JsonArray(special.DeepClone(), text.DeepClone(), pair),
            ["special_tokens"] = new JsonObject
            {
                [Separator] = new JsonObject { ["id"] = Separator, ["ids"] = new JsonArray(0), ["tokens"] = new JsonArray(Separator) },
            },
        };
    }
}
