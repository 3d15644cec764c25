namespace Workbench.Models;

/// <summary>How to continue a text.</summary>
public sealed record GenerationOptions
{
    /// <summary>Most tokens to add.</summary>
    public int MaxTokens { get; init; } = 64;

    /// <summary>Logits are divided by this before sampling; 0 takes the most probable token always.</summary>
    public double Temperature { get; init; }

    /// <summary>Sample among this many most probable tokens; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Sample among the fewest tokens whose probabilities reach this sum; 1 for all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Seed of the sampler: the same seed and options give the same tokens.</summary>
    public int Seed { get; init; }

    /// <summary>Tokens that end the text; they are not returned.</summary>
    public IReadOnlyList<int> StopIds { get; init; } = [];

    /// <summary>Whether the end tokens of model and tokenizer end the text too.</summary>
    public bool StopAtEos { get; init; } = true;

    /// <summary>Refuses values outside their range.</summary>
    /// <exception cref="UsageException">A value is outside its range.</exception>
    public void Validate()
    {
        Require(MaxTokens >= 0, $"max tokens is {MaxTokens}; expected 0 or more");
        Require(Temperature >= 0 && double.IsFinite(Temperature), $"temperature is {Temperature}; expected 0 or more");
        Require(TopK >= 0, $"top-k is {TopK}; expected 0 (all) or more");
        Require(TopP is > 0 and <= 1, $"top-p is {TopP}; expected above 0 and at most 1");
    }

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new UsageException($"The generation option {sentence}.");
        }
    }
}
