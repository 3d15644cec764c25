using TorchSharp;
using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>GPT-NeoX (Pythia): layer norms, attention and MLP in parallel or in turn, a share of each head rotated, biases everywhere.</summary>
internal sealed class GptNeoXArchitecture : IGgufArchitecture
{
    private const double ShareWhereAbsent = 0.25;

    public string Family => "gpt_neox";

    public string GgufName => "gptneox";

    public ModelConfig ReadConfig(ConfigFields config)
    {
        int width = config.Size("hidden_size", SizeLimits.Width);
        int heads = config.Size("num_attention_heads", SizeLimits.Heads);
        if (width % heads != 0)
        {
            throw config.Bad("num_attention_heads", $"a divisor of hidden_size ({width})");
        }

        var model = new ModelConfig
        {
            Family = Family,
            Layers = config.Size("num_hidden_layers", SizeLimits.Layers),
            Width = width,
            Heads = heads,
            KeyValueHeads = heads,
            HeadDim = width / heads,
            IntermediateSize = config.Size("intermediate_size", SizeLimits.Hidden),
            VocabularySize = config.Positive("vocab_size"),
            ContextLength = config.Positive("max_position_embeddings"),
            NormEpsilon = config.PositiveReal("layer_norm_eps"),
            Activation = ActivationNames.Read(config, "hidden_act", "gelu"),
            GatedMlp = false,
            ParallelResidual = config.Flag("use_parallel_residual", fallback: true),
            TiedEmbeddings = config.Flag("tie_word_embeddings", fallback: false),
            AttentionBias = config.Flag("attention_bias", fallback: true),
            MlpBias = true,
            BosId = DecoderFields.Bos(config),
            EosIds = config.Ids("eos_token_id"),
        };
        return new RopeFields(config, model) { Share = ShareWhereAbsent, Partial = true, BaseName = "rotary_emb_base", ShareName = "rotary_pct" }.Read();
    }

    public ModelConfig ReadConfig(GgufFields gguf)
    {
        ModelConfig model = DecoderGguf.WithWholeHeads(gguf, DecoderGguf.ReadSizes(gguf, Family, "attention.layer_norm_epsilon"));
        return model with
        {
            Rope = GgufRopeFields.Read(gguf, model.HeadDim, model.ContextLength),
            Activation = Activation.ErfGelu,
            GatedMlp = false,
            ParallelResidual = gguf.Flag("use_parallel_residual", fallback: true),
            AttentionBias = DecoderGguf.Holds(gguf, "blk.0.attn_qkv.bias"),
            MlpBias = true,
        };
    }

    public IWeightSource ReadWeights(GgufFile file, ModelConfig config)
    {
        GgufPlaces places = new GgufPlaces
        {
            Place = (module, stored) => new GgufPlace(stored, module == "attention.query_key_value" ? rows => ByHead(rows, config.Heads) : null),
        };
        _ = places
            .Add(("gpt_neox.embed_in", "token_embd"), ("gpt_neox.final_layer_norm", "output_norm"), ("embed_out", "output"))
            .AddBlocks(
                "gpt_neox.layers.",
                config.Layers,
                ("input_layernorm", "attn_norm"),
                ("attention.query_key_value", "attn_qkv"),
                ("attention.dense", "attn_output"),
                ("post_attention_layernorm", "ffn_norm"),
                ("mlp.dense_h_to_4h", "ffn_up"),
                ("mlp.dense_4h_to_h", "ffn_down"));
        return new GgufWeights(file, places.All);
    }

    public LanguageModel Build(ModelConfig config, WeightSet weights, Device device, ScalarType computeType)
    {
        Tensor table = weights.Take("gpt_neox.embed_in.weight", config.VocabularySize, config.Width);
        var rotary = new RotaryTable(config.Rope!, config.RotaryWidth, device);
        Block[] blocks = [.. Enumerable.Range(0, config.Layers).Select(layer => Block(config, weights, layer, rotary, computeType))];
        Norm norm = Norm(config, weights, "gpt_neox.final_layer_norm.");
        Tensor unembedding = TiedEmbedding.Unembedding(config, weights, "embed_out.weight", table);

        weights.Finish();
        return new Transformer(config, device, computeType, new TokenEmbedding(table), blocks, new Unembedding(norm, unembedding));
    }

    private static Block Block(ModelConfig config, WeightSet weights, int layer, RotaryTable rotary, ScalarType type)
    {
        string block = $"gpt_neox.layers.{layer}.";
        (int width, int hidden) = (config.Width, config.IntermediateSize);

        // Old files carry the causal mask, what it masks with, and the rotary frequencies.
        weights.Ignore(block + "attention.bias");
        weights.Ignore(block + "attention.masked_bias");
        weights.Ignore(block + "attention.rotary_emb.inv_freq");
        const string Fused = "attention.query_key_value.";
        var queryKeyValue = new Projection(
            weights.TakeArranged($"{block}{Fused}weight", stored => ByKind(stored, config.Heads), 3 * width, width),
            config.AttentionBias ? weights.TakeArranged($"{block}{Fused}bias", stored => ByKind(stored, config.Heads), 3 * width) : null,
            type);
        var attention = new Attention(AttentionOptions.Of(config, layer), queryKeyValue, Linear("attention.dense", width, width, config.AttentionBias)) { Rotary = rotary };
        var mlp = new PlainMlp(
            config.Activation, Linear("mlp.dense_h_to_4h", width, hidden, bias: true), Linear("mlp.dense_4h_to_h", hidden, width, bias: true));
        Norm attentionNorm = Norm(config, weights, block + "input_layernorm.");
        Norm mlpNorm = Norm(config, weights, block + "post_attention_layernorm.");
        return config.ParallelResidual
            ? new ParallelBlock(attentionNorm, attention, mlpNorm, mlp)
            : new SequentialBlock(attention, mlp) { AttentionNorm = attentionNorm, MlpNorm = mlpNorm };

        Projection Linear(string name, int inputs, int outputs, bool bias)
        {
            return new Projection(weights.Take($"{block}{name}.weight", outputs, inputs), bias ? weights.Take($"{block}{name}.bias", outputs) : null, type);
        }
    }

    /// <summary>Rows (head, query or key or value, i) become (query or key or value, head, i).</summary>
    private static Tensor ByKind(Tensor stored, int heads)
    {
        long[] shape = stored.shape;
        return stored.reshape(heads, 3, shape[0] / heads / 3, -1).transpose(0, 1).reshape(shape);
    }

    /// <summary>The other way, as files of GGUF have the rows by kind.</summary>
    private static Tensor ByHead(Tensor stored, int heads)
    {
        long[] shape = stored.shape;
        return stored.reshape(3, heads, shape[0] / heads / 3, -1).transpose(0, 1).reshape(shape);
    }

    private static LayerNorm Norm(ModelConfig config, WeightSet weights, string name)
    {
        return new LayerNorm(weights.Take(name + "weight", config.Width), weights.Take(name + "bias", config.Width), config.NormEpsilon);
    }
}
