using System.Text.Json.Serialization;
using Workbench.Text.Windows;

namespace Workbench.Activations;

/// <summary>What a complete harvest holds; the content of its <c>manifest.json</c>, which has no clock in it.</summary>
/// <param name="FormatVersion">The version of the harvest's form.</param>
/// <param name="Id">The harvest's id.</param>
/// <param name="Model">The model's name.</param>
/// <param name="ModelPath">Where the model lay.</param>
/// <param name="ModelHash">The SHA-256 of the model's weights.</param>
/// <param name="TokenizerHash">The SHA-256 of its tokenizer.</param>
/// <param name="Corpus">The corpus as named on the command line.</param>
/// <param name="CorpusHash">The hash of the corpus.</param>
/// <param name="Hooks">The hook points, each with all rows.</param>
/// <param name="Context">The longest sequence, in tokens.</param>
/// <param name="Bos">Whether each sequence begins with a BOS token: <c>always</c> or <c>never</c>.</param>
/// <param name="ExcludedLeading">Leading positions of each sequence that the model saw and no row was kept of.</param>
/// <param name="DType">The stored number type as asked for; each shard names its own.</param>
/// <param name="Precision">The number type of the model's matrix products.</param>
/// <param name="Rows">Rows of each hook: the kept token positions.</param>
/// <param name="Sequences">Sequences, numbered from 0.</param>
/// <param name="Documents">Documents that gave at least one sequence.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Shards">All shards, by hook and then in the order of rows.</param>
public sealed record HarvestInfo(
    int FormatVersion,
    string Id,
    string Model,
    string ModelPath,
    string ModelHash,
    string TokenizerHash,
    string Corpus,
    string CorpusHash,
    IReadOnlyList<HarvestHook> Hooks,
    int Context,
    string Bos,
    int ExcludedLeading,
    [property: JsonPropertyName("dtype")] StorageType DType,
    string Precision,
    long Rows,
    long Sequences,
    long Documents,
    long Seed,
    IReadOnlyList<HarvestShard> Shards)
{
    /// <summary>The version that this build writes and reads.</summary>
    public const int CurrentFormatVersion = 2;

    /// <summary>The manifest's name in a harvest's folder.</summary>
    public const string FileName = "manifest.json";

    /// <summary>How documents were cut into sequences, by the name of the mode.</summary>
    public string Windows { get; init; } = WindowModes.PerDocument;

    /// <summary>The token behind each document where a sequence may hold several; null for none.</summary>
    public int? Separator { get; init; }

    /// <summary>Whether no row was kept of special tokens (BOS, EOS, padding and whatever the tokenizer marks so).</summary>
    public bool ExcludesSpecial { get; init; }

    /// <summary>The filter of outlying rows; null where all were kept.</summary>
    public HarvestOutliers? Outliers { get; init; }

    /// <summary>Which positions of which sequences have rows, in words, to stand beside numbers made from them.</summary>
    [JsonIgnore]
    public string Positions
    {
        get
        {
            var left = new List<string>();
            if (ExcludedLeading > 0)
            {
                left.Add($"{ExcludedLeading} leading position{(ExcludedLeading == 1 ? string.Empty : "s")}");
            }

            if (ExcludesSpecial)
            {
                left.Add("special tokens");
            }

            if (Outliers is { Dropped: > 0 } outliers)
            {
                left.Add(FormattableString.Invariant($"{outliers.Dropped:N0} rows above {outliers.Multiple:g4} times the median norm"));
            }

            return $"{Windows} sequences, BOS {Bos}, {(left.Count > 0 ? string.Join(", ", left) : "nothing")} left out";
        }
    }

    /// <summary>The shards of one hook, in the order of rows.</summary>
    /// <param name="hook">The hook point's name.</param>
    /// <exception cref="WorkbenchException">The harvest does not hold that hook.</exception>
    public IReadOnlyList<HarvestShard> ShardsOf(string hook)
    {
        return Hooks.Any(held => held.Name == hook)
            ? [.. Shards.Where(shard => shard.Hook == hook)]
            : throw new WorkbenchException(
                $"Harvest {Id} holds no hook '{hook}'; it holds {string.Join(", ", Hooks.Select(held => held.Name))}.");
    }
}
