namespace Workbench.SaeTrain.Evaluation;

/// <summary>What an evaluation's numbers depend on.</summary>
internal sealed record CoreConfig
{
    public required string Dictionary { get; init; }

    public required string WeightsHash { get; init; }

    /// <summary>The hook that is read; of several, all their names with <c>+</c> between them.</summary>
    public required string Hook { get; init; }

    /// <summary>The hooks of a dictionary of several, in its order; null for what reads a single one.</summary>
    public IReadOnlyList<string>? Hooks { get; init; }

    /// <summary>The hook that a transcoder reconstructs; null for an autoencoder.</summary>
    public string? OutputHook { get; init; }

    public required string Harvest { get; init; }

    public required string Model { get; init; }

    public required string ModelHash { get; init; }

    public required string TokenizerHash { get; init; }

    public required string Corpus { get; init; }

    public required string CorpusHash { get; init; }

    public string Split { get; init; } = "held_out";

    public required int Context { get; init; }

    public required string Bos { get; init; }

    public required int ExcludedLeading { get; init; }

    public required long TokensWanted { get; init; }

    public required bool AllPasses { get; init; }

    public required string Precision { get; init; }
}
