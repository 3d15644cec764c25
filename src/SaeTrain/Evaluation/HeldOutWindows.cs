using Workbench.Activations;
using Workbench.Text.Corpora;
using Workbench.Text.Tokenizers;
using Workbench.Text.Windows;

namespace Workbench.SaeTrain.Evaluation;

/// <summary>
/// Windows of the held-out documents of a harvest's corpus, cut as the harvest cut its own: mode, context, BOS, separators and
/// excluded leading positions alike.
/// </summary>
internal sealed class HeldOutWindows(HarvestInfo harvest, ICorpus corpus, TextTokenizer tokenizer)
{
    private readonly TextWindows _windows = new(
        corpus,
        CorpusSplit.HeldOut,
        tokenizer,
        new WindowSettings(harvest.Windows, harvest.Context, harvest.Bos == "always" ? tokenizer.BosId!.Value : null, harvest.Separator));

    private readonly HashSet<int> _special = [.. tokenizer.EosIds, .. tokenizer.BosId is int bos ? [bos] : Array.Empty<int>()];

    /// <summary>
    /// Whether a position counts: it is behind the excluded leading ones, and its token is neither BOS nor EOS. All others keep
    /// their clean activation.
    /// </summary>
    public bool Counts(int position, int token)
    {
        return position >= harvest.ExcludedLeading && !_special.Contains(token);
    }

    /// <summary>The first windows of the split until <paramref name="tokens"/> positions count; the last is cut there.</summary>
    /// <exception cref="WorkbenchException">The split has none.</exception>
    public List<int[]> Take(long tokens)
    {
        var windows = new List<int[]>();
        foreach (int[] window in _windows.All().Select(window => window.Tokens))
        {
            int end = 0;
            for (; end < window.Length && tokens > 0; end++)
            {
                tokens -= Counts(end, window[end]) ? 1 : 0;
            }

            if (Enumerable.Range(0, end).Any(position => Counts(position, window[position])))
            {
                windows.Add(window[..end]);
            }

            if (tokens == 0)
            {
                break;
            }
        }

        return windows.Count > 0
            ? windows
            : throw new WorkbenchException($"Corpus {harvest.Corpus} has no held-out text to evaluate on; use a corpus with more documents.");
    }
}
