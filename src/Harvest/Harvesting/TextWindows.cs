using Workbench.Text.Corpora;
using Workbench.Text.Tokenizers;

namespace Workbench.Harvest.Harvesting;

/// <summary>
/// Cuts the documents of a corpus' training split into successive windows of at most <paramref name="context"/> tokens. No window
/// holds text of two documents; each begins with BOS where <paramref name="bos"/> is given.
/// </summary>
internal sealed class TextWindows(ICorpus corpus, TextTokenizer tokenizer, int context, int? bos)
{
    public IEnumerable<TextWindow> All()
    {
        int room = context - (bos is null ? 0 : 1);
        foreach (Document document in corpus.Documents(CorpusSplit.Train))
        {
            int[] ids = tokenizer.Encode(document.Text);
            for (int start = 0; start < ids.Length; start += room)
            {
                int[] part = ids[start..Math.Min(ids.Length, start + room)];
                yield return new TextWindow(document, bos is { } first ? [first, .. part] : part);
            }
        }
    }
}
