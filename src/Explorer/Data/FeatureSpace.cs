using System.Collections.Concurrent;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Explorer.Models;
using Workbench.Features;
using Workbench.Models;
using Workbench.Text.Tokenizers;
using Workbench.Workspaces;

namespace Workbench.Explorer.Data;

/// <summary>The features of one dictionary over one harvest, with the texts of tokens and documents around them.</summary>
public sealed class FeatureSpace : IDisposable
{
    private readonly DocumentTable? _documents;
    private readonly ConcurrentDictionary<int, string> _tokens = new();
    private readonly DateTime _written;
    private readonly Lazy<int[]> _topLogits;
    private readonly Lazy<Dictionary<KeyValuePair<string, string>, int>> _labels;

    private FeatureSpace(FeatureIndex index, string path, string modelPath, TextTokenizer? tokenizer, DocumentTable? documents, string? missing)
    {
        Index = index;
        Folder = path;
        ModelPath = modelPath;
        Tokenizer = tokenizer;
        MissingModel = missing;
        _documents = documents;
        _written = Written();
        _labels = new Lazy<Dictionary<KeyValuePair<string, string>, int>>(() => CountLabels(documents));
        _topLogits = new Lazy<int[]>(() =>
            [.. Enumerable.Range(0, Index.Latents).Select(latent => Index.Logits(latent).Top is [var first, ..] ? first.TokenId : -1)]);
    }

    /// <summary>The index itself.</summary>
    public FeatureIndex Index { get; }

    /// <summary>The dictionary's folder.</summary>
    public string Folder { get; }

    /// <summary>The model that the dictionary belongs to: a path or a name.</summary>
    public string ModelPath { get; }

    /// <summary>The model's tokenizer; null where the model is not here.</summary>
    public TextTokenizer? Tokenizer { get; }

    /// <summary>Why the model is not here, or null.</summary>
    public string? MissingModel { get; }

    /// <summary>What the index belongs to.</summary>
    public FeatureIndexInfo Info => Index.Info;

    /// <summary>The dictionary's id.</summary>
    public string Dictionary => Path.GetFileName(Folder);

    /// <summary>Whether the index on disk is still the one opened.</summary>
    public bool IsCurrent => Written() == _written;

    /// <summary>Token of each latent's largest logit effect; -1 for none.</summary>
    public ReadOnlySpan<int> TopLogits => _topLogits.Value;

    /// <summary>Where every number of this space comes from.</summary>
    public IReadOnlyList<ProvenanceFact> Provenance =>
    [
        new("model", $"{Info.Model} {Show.Hash(Info.ModelHash)}", $"SHA-256 of the weights {Info.ModelHash}; tokenizer {Info.TokenizerHash}"),
        new(Info.Hooks is null ? "hook" : "hooks", Info.OutputHook is null ? Info.Hook : $"{Info.Hook} → {Info.OutputHook}"),
        new("dictionary", $"{Dictionary} {Show.Hash(Info.WeightsHash)}", $"SHA-256 of the weights {Info.WeightsHash}"),
        new("tokens analysed", Show.Count(Info.Tokens), $"{Info.Corpus} by harvest {Info.Harvest}: {Show.Count(Info.Sequences)} sequences of at most {Info.Context} tokens; {Info.Positions}; encoded in {Info.Precision} from {Info.ActivationType}"),
        new("mode", Kind + (Info.K is { } k ? $"top-{k}" : Info.Architecture.Replace('_', '-'))),
    ];

    private string Kind => Info switch
    {
        { DirectionHooks: > 0 } => "crosscoder, ",
        { CountedHooks: > 0 } => "multi-layer, ",
        { OutputHook: not null } => "transcoder, ",
        _ => string.Empty,
    };

    internal static FeatureSpace Open(Workspace workspace, RunFolder dictionary, string folder)
    {
        FeatureIndex index = FeatureIndex.Open(folder);
        string harvest = workspace.HarvestFolder(index.Info.Harvest).Path;
        string model = index.Info.Model;
        DocumentTable? documents = null;
        if (File.Exists(Path.Combine(harvest, HarvestInfo.FileName)))
        {
            model = Harvest.ReadInfo(harvest).ModelPath;
            documents = DocumentTable.Open(Path.Combine(harvest, "documents.arrow"));
        }

        try
        {
            ModelFiles files = Locate(workspace, model, index.Info.Model);
            return new FeatureSpace(index, dictionary.Path, files.Path, ModelLoader.LoadTokenizer(files), documents, null);
        }
        catch (WorkbenchException missing)
        {
            return new FeatureSpace(index, dictionary.Path, model, null, documents, missing.Message);
        }
    }

    /// <summary>The text of one token as tables show it.</summary>
    public string TokenText(int id)
    {
        return id < 0 ? "–" : _tokens.GetOrAdd(id, key => Tokenizer is null ? $"⟨{key}⟩" : Tokenizer.TokenText(key));
    }

    /// <summary>The text of each token of a window; characters of several tokens are shown once.</summary>
    public IReadOnlyList<string> Texts(IReadOnlyList<int> tokens)
    {
        return Tokenizer is null
            ? [.. tokens.Select(TokenText)]
            : [.. Tokenizer.Pieces(tokens).Select(piece => piece.Text)];
    }

    /// <summary>A document's name and labels; null where the harvest is not here.</summary>
    public DocumentEntry? Document(long id)
    {
        return _documents?.Find(id);
    }

    /// <summary>The share of the harvest's documents that carry a label.</summary>
    public double LabelShare(string name, string value)
    {
        return _documents is null ? 0 : (double)_labels.Value.GetValueOrDefault(KeyValuePair.Create(name, value)) / Math.Max(1, _documents.Count);
    }

    public void Dispose()
    {
        Index.Dispose();
        _documents?.Dispose();
    }

    private static Dictionary<KeyValuePair<string, string>, int> CountLabels(DocumentTable? documents)
    {
        var counts = new Dictionary<KeyValuePair<string, string>, int>();
        foreach (KeyValuePair<string, string> label in (documents?.Ids ?? []).SelectMany(id => documents!.Find(id)!.Labels))
        {
            counts[label] = counts.GetValueOrDefault(label) + 1;
        }

        return counts;
    }

    private static ModelFiles Locate(Workspace workspace, string path, string name)
    {
        try
        {
            return ModelFiles.Find(path, workspace.Root);
        }
        catch (WorkbenchException)
        {
            return ModelFiles.Find(name, workspace.Root);
        }
    }

    private DateTime Written()
    {
        return File.GetLastWriteTimeUtc(Path.Combine(Index.Folder, "features.arrow"));
    }
}
