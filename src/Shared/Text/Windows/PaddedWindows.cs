namespace Workbench.Text.Windows;

/// <summary>
/// Every document gives one window, cut off at the context. Shorter ones are padded on the right only while a batch is computed:
/// a causal model's earlier positions cannot see padding, and it gives no rows.
/// </summary>
internal sealed class PaddedWindows : IWindowMode
{
    public string Name => "padded";

    public string Description => "one window a document, cut off at the context or padded, without rows of the padding";

    public bool JoinsDocuments => false;

    public IEnumerable<TextWindow> Cut(IEnumerable<TokenizedDocument> documents, WindowSettings settings)
    {
        int[] prefix = settings.Prefix;
        return documents.Select(text => new TextWindow(
            [new WindowPart(text.Document, 0)], [.. prefix, .. text.Tokens.AsSpan(0, Math.Min(settings.Room, text.Tokens.Length))]));
    }
}
