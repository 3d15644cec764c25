namespace Workbench.Harvest.Pretraining;

/// <summary>Everything that decides what a pretraining run computes, the machine apart.</summary>
internal sealed record PretrainOptions
{
    /// <summary>Corpus name or path.</summary>
    public string Corpus { get; init; } = "dotnet-docs";

    /// <summary>Vocabulary entries.</summary>
    public int Vocabulary { get; init; } = 4096;

    /// <summary>Blocks.</summary>
    public int Layers { get; init; } = 6;

    /// <summary>Width of the residual stream.</summary>
    public int Width { get; init; } = 256;

    /// <summary>Attention heads, each with keys and values of its own.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Width of the gated feed-forward layer.</summary>
    public int Intermediate { get; init; } = 768;

    /// <summary>Tokens a sequence.</summary>
    public int Context { get; init; } = 256;

    /// <summary>Sequences a step.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Sequences computed at once; gradients of a step's parts are summed.</summary>
    public int MicroBatch { get; init; } = 8;

    /// <summary>Peak learning rate of the hidden matrices (Muon).</summary>
    public double MatrixRate { get; init; } = 0.02;

    /// <summary>Peak learning rate of the embedding and the norms (AdamW).</summary>
    public double VectorRate { get; init; } = 3e-3;

    /// <summary>Decoupled weight decay of the hidden matrices.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>Steps of linear warm-up.</summary>
    public int WarmupSteps { get; init; } = 60;

    /// <summary>Share of the run over which the rate falls linearly to zero.</summary>
    public double DecayShare { get; init; } = 0.4;

    /// <summary>Training time in minutes; decides when the decay begins unless <see cref="Steps"/> is given.</summary>
    public double Minutes { get; init; } = 120;

    /// <summary>Steps in all, or null to let <see cref="Minutes"/> decide.</summary>
    public int? Steps { get; init; }

    /// <summary>Seed of initialisation and order.</summary>
    public int Seed { get; init; }

    /// <summary>Whether a run with these options may go on with others: only its length may change.</summary>
    public bool TrainsAs(PretrainOptions other)
    {
        return this == other with { Minutes = Minutes, Steps = Steps };
    }

    /// <summary>Throws where a value cannot work.</summary>
    public void Validate()
    {
        Require(Vocabulary is > 257 and <= 65_536, nameof(Vocabulary), Vocabulary, "between 258 and 65536");
        Require(Layers > 0, nameof(Layers), Layers, "at least 1");
        Require(Heads > 0 && Width % (2 * Heads) == 0, nameof(Heads), Heads, $"a divisor of half the width {Width}");
        Require(Intermediate > 0, nameof(Intermediate), Intermediate, "at least 1");
        Require(Context > 1, nameof(Context), Context, "at least 2");
        Require(MicroBatch > 0 && Batch % MicroBatch == 0, nameof(MicroBatch), MicroBatch, $"a divisor of the batch {Batch}");
        Require(Minutes > 0, nameof(Minutes), Minutes, "above 0");
        Require(Steps is null or > 0, nameof(Steps), Steps ?? 0, "at least 1");
        Require(DecayShare is > 0 and < 1, nameof(DecayShare), DecayShare, "between 0 and 1");
    }

    private static void Require(bool holds, string field, double found, string expected)
    {
        if (!holds)
        {
            throw new UsageException($"{field} is {found}, expected {expected}.");
        }
    }
}
