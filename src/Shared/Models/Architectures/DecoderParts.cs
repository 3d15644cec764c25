using Workbench.Models.Layers;
using Workbench.Models.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>Takes the parts of a decoder from weights that are named as Llama's are; a family says which parts its blocks have.</summary>
internal sealed class DecoderParts(ModelConfig config, WeightSet weights, Device device, ScalarType type)
{
    private const string Embedding = "model.embed_tokens.weight";
    private const string Head = "lm_head.weight";

    /// <summary>Added to the weights of norms: 1 in families that store them as differences from one.</summary>
    public double NormOffset { get; init; }

    /// <summary>Angles for a part of each head.</summary>
    public RotaryTable Rotary(RopeSettings settings)
    {
        return new RotaryTable(settings, config.RotaryWidth, device);
    }

    /// <summary>A norm of a block, by the name of its module.</summary>
    public Norm Norm(int layer, string name)
    {
        return new RmsNorm(NormWeight($"{Prefix(layer)}{name}.weight", config.Width), config.NormEpsilon);
    }

    /// <summary>Norms of queries and keys, with weights of the given widths.</summary>
    public HeadNorm HeadNorm(int layer, int queryWidth, int keyWidth)
    {
        string attention = Prefix(layer) + "self_attn.";
        return new HeadNorm(
            NormWeight(attention + "q_norm.weight", queryWidth), NormWeight(attention + "k_norm.weight", keyWidth), config.NormEpsilon);
    }

    /// <summary>Queries, keys and values of separate matrices.</summary>
    public Projection QueryKeyValue(int layer, bool bias)
    {
        (int query, int group) = (config.Heads * config.HeadDim, config.KeyValueHeads * config.HeadDim);
        return Stacked(layer, [("self_attn.q_proj", query), ("self_attn.k_proj", group), ("self_attn.v_proj", group)], config.Width, bias);
    }

    /// <summary>Output projection of attention.</summary>
    public Projection Output(int layer, bool bias)
    {
        return Stacked(layer, [("self_attn.o_proj", config.Width)], config.Heads * config.HeadDim, bias);
    }

    /// <summary>A gated MLP of separate matrices.</summary>
    public Mlp GatedMlp(int layer, bool bias = false)
    {
        int hidden = config.IntermediateSize;
        return new GatedMlp(
            config.Activation,
            Stacked(layer, [("mlp.gate_proj", hidden), ("mlp.up_proj", hidden)], config.Width, bias),
            Stacked(layer, [("mlp.down_proj", config.Width)], hidden, bias));
    }

    /// <summary>A block that normalises what its attention and its MLP read, as Llama's does.</summary>
    public Block PreNormBlock(int layer, Attention attention, Mlp mlp)
    {
        return new SequentialBlock(attention, mlp)
        {
            AttentionNorm = Norm(layer, "input_layernorm"),
            MlpNorm = Norm(layer, "post_attention_layernorm"),
        };
    }

    /// <summary>Linear layers of a block with the same input, one below the other.</summary>
    public Projection Stacked(int layer, (string Name, int Rows)[] parts, int inputs, bool bias)
    {
        string block = Prefix(layer);
        Tensor weight = weights.TakeStacked([.. parts.Select(part => ($"{block}{part.Name}.weight", new long[] { part.Rows, inputs }))]);
        Tensor? offset = bias ? weights.TakeStacked([.. parts.Select(part => ($"{block}{part.Name}.bias", new long[] { part.Rows }))]) : null;
        return new Projection(weight, offset, type);
    }

    /// <summary>Leaves out the rotary frequencies that old files carry in every block.</summary>
    public void IgnoreFrequencies()
    {
        for (int layer = 0; layer < config.Layers; layer++)
        {
            weights.Ignore(Prefix(layer) + "self_attn.rotary_emb.inv_freq");
        }
    }

    /// <summary>Puts the model together and refuses weights that have no place in it.</summary>
    public LanguageModel Build(Func<int, Block> block)
    {
        ScalarType stored = weights.StoredType(Embedding);
        Tensor table = weights.Take(Embedding, config.VocabularySize, config.Width);
        Block[] blocks = [.. Enumerable.Range(0, config.Layers).Select(block)];
        var norm = new RmsNorm(NormWeight("model.norm.weight", config.Width), config.NormEpsilon);
        Tensor unembedding = TiedEmbedding.Unembedding(config, weights, Head, table);

        weights.Finish();
        return new Transformer(
            config,
            device,
            type,
            new TokenEmbedding(table) { Scale = Rounded(config.EmbeddingScale, stored) },
            blocks,
            new Unembedding(norm, unembedding) { SoftCap = config.LogitSoftCap });
    }

    private static string Prefix(int layer)
    {
        return $"model.layers.{layer}.";
    }

    /// <summary>The reference multiplies by a number of the weights' own type.</summary>
    private static double Rounded(double scale, ScalarType stored)
    {
        using Tensor exact = tensor(scale, ScalarType.Float64);
        using Tensor rounded = exact.to(stored).to(ScalarType.Float64);
        return rounded.item<double>();
    }

    private Tensor NormWeight(string name, int width)
    {
        Tensor weight = weights.Take(name, width);
        return NormOffset == 0 ? weight : weight.add_(NormOffset);
    }
}
