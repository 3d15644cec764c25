using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>GPT-2: learned positions, layer norms, biases everywhere, matrices stored [in, out].</summary>
internal sealed class Gpt2Architecture : IGgufArchitecture
{
    public string Family => "gpt2";

    public string GgufName => "gpt2";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        int width = config.Size("n_embd", SizeLimits.Width);
        int heads = config.Size("n_head", SizeLimits.Heads);
        if (width % heads != 0)
        {
            throw config.Bad("n_head", $"a divisor of n_embd ({width})");
        }

        return new ModelConfig
        {
            Family = Family,
            Layers = config.Size("n_layer", SizeLimits.Layers),
            Width = width,
            Heads = heads,
            KeyValueHeads = heads,
            HeadDim = width / heads,
            IntermediateSize = config.Size("n_inner", SizeLimits.Hidden, 4 * width),
            VocabularySize = config.Positive("vocab_size"),
            ContextLength = config.Positive("n_positions"),
            NormEpsilon = config.PositiveReal("layer_norm_epsilon"),
            Activation = ActivationNames.Read(config, "activation_function", "gelu_new"),
            GatedMlp = false,
            AttentionScale = config.Flag("scale_attn_weights", fallback: true) ? null : 1,
            AttentionScaledByLayer = config.Flag("scale_attn_by_inverse_layer_idx", fallback: false),
            TiedEmbeddings = config.Flag("tie_word_embeddings", fallback: true),
            AttentionBias = true,
            MlpBias = true,
            BosId = DecoderFields.Bos(config),
            EosIds = config.Ids("eos_token_id"),
        };
    }

    public ModelConfig ReadConfig(GgufFields gguf)
    {
        return DecoderGguf.WithWholeHeads(gguf, DecoderGguf.ReadSizes(gguf, Family, "attention.layer_norm_epsilon")) with
        {
            Activation = Activation.TanhGelu,
            GatedMlp = false,
            AttentionBias = true,
            MlpBias = true,
        };
    }

    public IWeightSource ReadWeights(GgufFile file, ModelConfig config)
    {
        GgufPlaces places = new GgufPlaces
        {
            Place = (module, stored) =>
                new GgufPlace(stored, Transposed: module.Contains(".c_", StringComparison.Ordinal) && stored.EndsWith(".weight", StringComparison.Ordinal)),
        };
        _ = places
            .Add(("transformer.wte", "token_embd"), ("transformer.wpe", "position_embd"), ("transformer.ln_f", "output_norm"), ("lm_head", "output"))
            .AddBlocks(
                "transformer.h.",
                config.Layers,
                ("ln_1", "attn_norm"),
                ("attn.c_attn", "attn_qkv"),
                ("attn.c_proj", "attn_output"),
                ("ln_2", "ffn_norm"),
                ("mlp.c_fc", "ffn_up"),
                ("mlp.c_proj", "ffn_down"));
        return new GgufWeights(file, places.All);
    }

    public LanguageModel Build(ModelConfig config, WeightSet weights, Device device, ScalarType computeType)
    {
        // The first published files lack the prefix.
        string prefix = weights.Has("wte.weight") ? string.Empty : "transformer.";
        Tensor table = weights.Take(prefix + "wte.weight", config.VocabularySize, config.Width);
        Tensor positions = weights.Take(prefix + "wpe.weight", config.ContextLength, config.Width);
        Block[] blocks = [.. Enumerable.Range(0, config.Layers).Select(layer => Block(config, weights, $"{prefix}h.{layer}.", layer, computeType))];
        Norm norm = Norm(config, weights, prefix + "ln_f.");
        Tensor unembedding = TiedEmbedding.Unembedding(config, weights, "lm_head.weight", table);

        weights.Finish();
        return new Transformer(
            config, device, computeType, new TokenEmbedding(table) { Positions = positions }, blocks, new Unembedding(norm, unembedding));
    }

    private static SequentialBlock Block(ModelConfig config, WeightSet weights, string block, int layer, ScalarType type)
    {
        (int width, int hidden) = (config.Width, config.IntermediateSize);
        AttentionOptions options = AttentionOptions.Of(config, layer);

        // Old files carry the causal mask and what it masks with.
        weights.Ignore(block + "attn.bias");
        weights.Ignore(block + "attn.masked_bias");
        return new SequentialBlock(
            new Attention(options, Linear("attn.c_attn", width, 3 * width), Linear("attn.c_proj", width, width)),
            new PlainMlp(config.Activation, Linear("mlp.c_fc", width, hidden), Linear("mlp.c_proj", hidden, width)))
        {
            AttentionNorm = Norm(config, weights, block + "ln_1."),
            MlpNorm = Norm(config, weights, block + "ln_2."),
        };

        Projection Linear(string name, int inputs, int outputs)
        {
            Tensor weight = weights.TakeArranged($"{block}{name}.weight", stored => stored.t().contiguous(), inputs, outputs);
            return new Projection(weight, weights.Take($"{block}{name}.bias", outputs), type);
        }
    }

    private static LayerNorm Norm(ModelConfig config, WeightSet weights, string name)
    {
        return new LayerNorm(weights.Take(name + "weight", config.Width), weights.Take(name + "bias", config.Width), config.NormEpsilon);
    }
}
