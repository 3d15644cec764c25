using Workbench.Models;
using Workbench.Numerics;
using Workbench.Text.Corpora;
using Workbench.Text.Tokenizers;
using Workbench.Workspaces;

namespace Workbench.Harvest.Harvesting;

/// <summary>A loaded model and an open corpus.</summary>
/// <param name="Owner">Released with this.</param>
internal sealed record HarvestInputs(
    LanguageModel Model,
    TextTokenizer Tokenizer,
    string ModelName,
    string ModelPath,
    string ModelHash,
    ICorpus Corpus,
    IDisposable Owner) : IDisposable
{
    /// <summary>What of the model's files is not loaded, as a sentence; null where all is.</summary>
    public string? LeftAside { get; init; }

    public IReadOnlyDictionary<string, string> Hashes { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["model"] = ModelHash,
        ["tokenizer"] = Tokenizer.Hash,
        ["corpus"] = Corpus.Hash,
    };

    /// <exception cref="WorkbenchException">The corpus or the model cannot be opened.</exception>
    public static HarvestInputs Open(HarvestRequest request, Workspace workspace, string device, string precision)
    {
        var options = new ModelLoadOptions
        {
            Device = ComputeDevice.Resolve(device),
            Precision = MatrixPrecisions.Parse(precision),
            WorkspaceRoot = workspace.Root,
        };
        ICorpus corpus = CorpusRegistry.Open(request.Corpus);
        LoadedModel loaded = ModelLoader.Load(request.Model, options);
        return new HarvestInputs(loaded.Model, loaded.Tokenizer, loaded.Name, loaded.Path, loaded.Hash, corpus, loaded) { LeftAside = loaded.LeftAside };
    }

    public void Dispose()
    {
        Owner.Dispose();
    }
}
