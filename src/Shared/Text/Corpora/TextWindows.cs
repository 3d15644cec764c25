using Workbench.Text.Tokenizers;

namespace Workbench.Text.Corpora;

/// <summary>
/// Cuts the documents of a corpus into successive windows of at most a context's tokens. No window holds text of two documents.
/// Harvests and evaluations cut alike, so that their activations are comparable.
/// </summary>
/// <param name="corpus">The documents.</param>
/// <param name="split">Which of them.</param>
/// <param name="tokenizer">Cuts texts into tokens.</param>
/// <param name="context">The most tokens of a window, BOS included.</param>
/// <param name="bos">The token that each window begins with; null for none.</param>
public sealed class TextWindows(ICorpus corpus, CorpusSplit split, TextTokenizer tokenizer, int context, int? bos)
{
    /// <summary>All windows in the order of text.</summary>
    public IEnumerable<TextWindow> All()
    {
        int[] prefix = bos is { } first ? [first] : [];
        int room = context - prefix.Length;
        foreach (Document document in corpus.Documents(split))
        {
            int[] ids = tokenizer.Encode(document.Text);
            for (int start = 0; start < ids.Length; start += room)
            {
                yield return new TextWindow(document, [.. prefix, .. ids.AsSpan(start, Math.Min(room, ids.Length - start))]);
            }
        }
    }
}
