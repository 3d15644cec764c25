using System.Text.Json.Serialization;
using Workbench.Workspaces;

namespace Workbench.Features;

/// <summary>What an index belongs to and how its numbers came about; kept in the metadata of each of its files.</summary>
public sealed record FeatureIndexInfo
{
    /// <summary>The version of the index's files that this build writes and reads.</summary>
    public const int CurrentFormatVersion = 1;

    /// <summary>The version of the files' form.</summary>
    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>The dictionary's id.</summary>
    public required string Dictionary { get; init; }

    /// <summary>The SHA-256 of the dictionary's weights, the key of labels.</summary>
    public required string WeightsHash { get; init; }

    /// <summary>How latents are chosen, e.g. <c>top_k</c> or <c>jump_relu</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The k of a top-k dictionary.</summary>
    public int? K { get; init; }

    /// <summary>Number of latents.</summary>
    public required int Latents { get; init; }

    /// <summary>The hook point that the dictionary reads; of several, all their names with <c>+</c> between them.</summary>
    public required string Hook { get; init; }

    /// <summary>The hook point that a transcoder reconstructs, by its own name for it; null for what reconstructs what it reads.</summary>
    public string? OutputHook { get; init; }

    /// <summary>The hook points of a dictionary of several, in its order; null for what reads a single one.</summary>
    public IReadOnlyList<IndexedHook>? Hooks { get; init; }

    /// <summary>Rows that were encoded of each token: 1, or one a hook point where each is encoded by itself.</summary>
    public int RowsPerToken { get; init; } = 1;

    /// <summary>Rows encoded: what the shares of a latent's firings are taken of.</summary>
    [JsonIgnore]
    public long Rows => Tokens * RowsPerToken;

    /// <summary>Hook points at which each latent has a direction of its own, whose norms the index holds; 0 where there is one direction.</summary>
    [JsonIgnore]
    public int DirectionHooks => RowsPerToken == 1 ? Hooks?.Count ?? 0 : 0;

    /// <summary>Hook points that are encoded each by itself, whose firings the index counts; 0 where there is one row a token.</summary>
    [JsonIgnore]
    public int CountedHooks => RowsPerToken == 1 ? 0 : RowsPerToken;

    /// <summary>The harvest's id.</summary>
    public required string Harvest { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The SHA-256 of the model's weights.</summary>
    public required string ModelHash { get; init; }

    /// <summary>The SHA-256 of its tokenizer.</summary>
    public required string TokenizerHash { get; init; }

    /// <summary>The corpus as named on the command line.</summary>
    public required string Corpus { get; init; }

    /// <summary>The hash of the corpus.</summary>
    public required string CorpusHash { get; init; }

    /// <summary>Tokens analysed: the harvest's rows. Excluded leading positions are not among them.</summary>
    public required long Tokens { get; init; }

    /// <summary>Sequences analysed.</summary>
    public required long Sequences { get; init; }

    /// <summary>The longest sequence, in tokens.</summary>
    public required int Context { get; init; }

    /// <summary>Whether each sequence begins with a BOS token: <c>always</c> or <c>never</c>.</summary>
    public required string Bos { get; init; }

    /// <summary>Leading positions of each sequence that the model saw and that were not analysed.</summary>
    public required int ExcludedLeading { get; init; }

    /// <summary>Which positions of which sequences were analysed, in words.</summary>
    public string Positions { get; init; } = string.Empty;

    /// <summary>Where the activations came from.</summary>
    public required ActivationSource Source { get; init; }

    /// <summary>Number type of the activations that were encoded, e.g. <c>float16</c> as stored.</summary>
    public required string ActivationType { get; init; }

    /// <summary>Number type of the encoder product: <c>float32</c> or <c>bfloat16</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>What the sparse codes depend on, hashed; the index's three files share it.</summary>
    [JsonIgnore]
    public string CodesKey => ContentHash.OfText(string.Join(
        '\n', FormatVersion, WeightsHash, Hook, Harvest, ModelHash, TokenizerHash, CorpusHash, Tokens, Sequences, Context, Bos, ExcludedLeading, Source, ActivationType, Precision));

    /// <summary>Active latents a row, on average.</summary>
    public double MeanActive { get; init; }

    /// <summary>The seed of the sampling within intervals.</summary>
    public long Seed { get; init; }

    /// <summary>Equal bins of a histogram, over (0, maximum].</summary>
    public int HistogramBins { get; init; } = 50;

    /// <summary>Examples of the largest activations, at most one a sequence.</summary>
    public int TopExamples { get; init; } = 20;

    /// <summary>Intervals of equal width on (0, maximum] from which examples are sampled.</summary>
    public int Intervals { get; init; } = 5;

    /// <summary>Examples an interval, at most one a sequence, which belongs to the interval of its peak.</summary>
    public int ExamplesPerInterval { get; init; } = 5;

    /// <summary>Entries of each side of a logit table; 0 where what the dictionary writes has no direct effect on the logits.</summary>
    public int Logits { get; init; } = 10;

    /// <summary>The formula of the logit table, or <c>none:</c> and why there is none.</summary>
    public string LogitFormula { get; init; } = string.Empty;

    /// <summary>Nearest decoder rows kept a latent.</summary>
    public int Neighbours { get; init; } = 10;

    /// <summary>The share of tokens above which a latent is called dense.</summary>
    public double DenseAbove { get; init; } = 0.1;

    /// <summary>The decoder cosine from which a latent is called a duplicate.</summary>
    public double DuplicateFrom { get; init; } = 0.9;
}
