using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Activations;
using Workbench.Models;
using Workbench.Text.Windows;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>What a user asks for; two runs of one id must ask for the same.</summary>
internal sealed record HarvestRequest
{
    // These name inputs, which are compared by their hash instead.
    private static readonly string[] s_inputs = ["model", "corpus"];

    public required string Model { get; init; }

    public required string Corpus { get; init; }

    public required IReadOnlyList<string> Hooks { get; init; }

    public required long Tokens { get; init; }

    public required int Context { get; init; }

    [JsonPropertyName("dtype")]
    public StorageType DType { get; init; } = StorageType.Auto;

    public BosPolicy Bos { get; init; } = BosPolicy.Auto;

    /// <summary>Leading positions of each sequence to keep no row of; null to find out.</summary>
    public int? ExcludeLeading { get; init; }

    /// <summary>How documents become sequences: one of <see cref="WindowModes.Names"/>.</summary>
    public string Windows { get; init; } = WindowModes.PerDocument;

    public SeparatorPolicy Separator { get; init; } = SeparatorPolicy.Auto;

    /// <summary>Whether no row is kept of special tokens.</summary>
    public bool ExcludeSpecial { get; init; }

    /// <summary>Rows whose norm is more than this multiple of the median are dropped; null to keep all.</summary>
    public double? MaxNormMultiple { get; init; }

    /// <summary>Sequences a batch; null for 32,768 positions, or fewer where all hooks together would take more than 256 MiB.</summary>
    public int? Batch { get; init; }

    public int? ShardRows { get; init; }

    public string Device { get; init; } = "auto";

    public string Precision { get; init; } = "auto";

    public long Seed { get; init; }

    /// <exception cref="UsageException">A field is out of range; the sentence names its option.</exception>
    public void Validate()
    {
        Require(Hooks.Count > 0, "--hook", "nothing", "at least one hook");
        Require(Hooks.Distinct().Count() == Hooks.Count, "--hook", string.Join(' ', Hooks), "each hook once");
        Require(Tokens >= 1, "--tokens", Tokens, "1 or more");
        Require(Context >= 2, "--context", Context, "2 or more");
        Require(ExcludeLeading is null or >= 0, "--exclude-leading", ExcludeLeading, "0 or more");
        Require(ExcludeLeading is null || ExcludeLeading < Context, "--exclude-leading", ExcludeLeading, $"less than the context of {Context}");
        Require(WindowModes.Names.Contains(Windows), "--windows", Windows, string.Join(", ", WindowModes.Names));
        Require(
            Separator is SeparatorPolicy.Auto or SeparatorPolicy.None || WindowModes.JoinsDocuments(Windows),
            "--separator", Separator.ToString().ToLowerInvariant(), $"none of it with --windows {Windows}, whose sequences hold one document");
        Require(MaxNormMultiple is null or > 1, "--max-norm-multiple", MaxNormMultiple, "more than 1");
        Require(Batch is null or >= 1, "--batch", Batch, "1 or more");
        foreach (string hook in Hooks)
        {
            try
            {
                _ = HookPoint.Parse(hook);
            }
            catch (WorkbenchException unknown)
            {
                throw new UsageException(unknown.Message);
            }
        }
    }

    /// <summary>The first field in which another request differs, as a sentence's part; null where none does.</summary>
    public string? DifferenceFrom(HarvestRequest stored)
    {
        JsonElement mine = WorkbenchJson.Element(this);
        JsonElement theirs = WorkbenchJson.Element(stored);
        return mine.EnumerateObject()
            .Where(field => !s_inputs.Contains(field.Name) && !JsonElement.DeepEquals(field.Value, theirs.GetProperty(field.Name)))
            .Select(field => $"{field.Name} {Text(theirs.GetProperty(field.Name))}, not {Text(field.Value)}")
            .FirstOrDefault();
    }

    private static string Text(JsonElement value)
    {
        return value.ValueKind switch
        {
            JsonValueKind.Null => "auto",
            JsonValueKind.Array => string.Join(' ', value.EnumerateArray()),
            _ => value.ToString(),
        };
    }

    private static void Require(bool holds, string option, object? found, string expected)
    {
        if (!holds)
        {
            throw new UsageException($"{option} is {found}; expected {expected}.");
        }
    }
}
