using Workbench.Models;
using Workbench.Text.Corpora;
using Workbench.Text.Tokenizers;

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
    public IReadOnlyDictionary<string, string> Hashes { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["model"] = ModelHash,
        ["tokenizer"] = Tokenizer.Hash,
        ["corpus"] = Corpus.Hash,
    };

    public void Dispose()
    {
        Owner.Dispose();
    }
}
