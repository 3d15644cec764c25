using Workbench.Text.Corpora;

namespace Workbench.Text.Windows;

/// <summary>
/// All documents are joined, a separator behind each, and cut into windows of the whole context; the last may be shorter. Attention
/// sees across documents, as in the peers' packed data (SAELens <c>concat_and_batch_sequences</c>). A separator counts to the
/// document that it ends, BOS to the one that follows.
/// </summary>
internal sealed class PackedWindows : IWindowMode
{
    public string Name => "packed";

    public string Description => "documents joined by a separator and cut into full windows";

    public bool JoinsDocuments => true;

    public IEnumerable<TextWindow> Cut(IEnumerable<TokenizedDocument> documents, WindowSettings settings)
    {
        int[] separator = settings.Separator is { } token ? [token] : [];
        var tokens = new List<int>(settings.Context);
        var parts = new List<WindowPart>();
        foreach (TokenizedDocument text in documents)
        {
            int[] stretch = [.. text.Tokens, .. separator];
            for (int done = 0; done < stretch.Length;)
            {
                Begin(text.Document, tokens, parts, settings);
                int count = Math.Min(settings.Context - tokens.Count, stretch.Length - done);
                tokens.AddRange(stretch.AsSpan(done, count));
                done += count;
                if (tokens.Count == settings.Context)
                {
                    yield return Take(tokens, parts);
                }
            }
        }

        if (parts.Count > 0)
        {
            yield return Take(tokens, parts);
        }
    }

    private static void Begin(Document document, List<int> tokens, List<WindowPart> parts, WindowSettings settings)
    {
        parts.Add(new WindowPart(document, tokens.Count));
        if (tokens.Count == 0)
        {
            tokens.AddRange(settings.Prefix);
        }
    }

    private static TextWindow Take(List<int> tokens, List<WindowPart> parts)
    {
        var window = new TextWindow([.. parts], [.. tokens]);
        tokens.Clear();
        parts.Clear();
        return window;
    }
}
