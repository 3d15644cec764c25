namespace Workbench.Models;

/// <summary>Sizes and settings of a transformer, whatever file they were read from.</summary>
public sealed record ModelConfig
{
    /// <summary>Architecture family, the <c>model_type</c> of Hugging Face and <c>general.architecture</c> of GGUF.</summary>
    public required string Family { get; init; }

    /// <summary>Number of blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; divides <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head; times <see cref="Heads"/> it need not be <see cref="Width"/>.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Width of the MLP's hidden layer.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Longest sequence, in tokens.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Added to the variance in norms.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Rotary position embedding; null in architectures without.</summary>
    public RopeSettings? Rope { get; init; }

    /// <summary>Rotary position embedding of windowed layers, where it is another one; null where it is not.</summary>
    public RopeSettings? LocalRope { get; init; }

    /// <summary>Function between the two layers of the MLP.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether the MLP multiplies its activation by a second projection of the input.</summary>
    public bool GatedMlp { get; init; } = true;

    /// <summary>Factor of the token embedding.</summary>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>Factor of the products of queries and keys; null for 1 / sqrt(<see cref="HeadDim"/>).</summary>
    public double? AttentionScale { get; init; }

    /// <summary>Whether that factor is divided by the number of the block, counted from 1.</summary>
    public bool AttentionScaledByLayer { get; init; }

    /// <summary>Attention scores s become c tanh(s / c) with this c; null for none.</summary>
    public double? AttentionSoftCap { get; init; }

    /// <summary>Logits x become c tanh(x / c) with this c; null for none.</summary>
    public double? LogitSoftCap { get; init; }

    /// <summary>Positions that a query of a windowed layer sees, its own among them; null where no layer has a window.</summary>
    public int? SlidingWindow { get; init; }

    /// <summary>Whether each layer attends within <see cref="SlidingWindow"/> only; empty where no layer does.</summary>
    public IReadOnlyList<bool> WindowedLayers { get; init; } = [];

    /// <summary>Whether attention and MLP of a block read the same residual stream.</summary>
    public bool ParallelResidual { get; init; }

    /// <summary>Whether the unembedding is the token embedding.</summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>Whether the attention projections have biases.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether the MLP projections have biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Token that starts a text, where the model's files name one.</summary>
    public int? BosId { get; init; }

    /// <summary>Tokens that end a text, where the model's files name them.</summary>
    public IReadOnlyList<int> EosIds { get; init; } = [];

    /// <summary>Elements of a head that are rotated.</summary>
    internal int RotaryWidth => (int)(HeadDim * (Rope?.Share ?? 0));

    internal bool IsWindowed(int layer)
    {
        return layer < WindowedLayers.Count && WindowedLayers[layer];
    }
}
