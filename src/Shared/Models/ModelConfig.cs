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
}
