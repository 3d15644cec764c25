namespace Workbench.Text.Windows;

/// <summary>Every document is cut into successive windows of its own.</summary>
internal sealed class DocumentWindows : IWindowMode
{
    public string Name => WindowModes.PerDocument;

    public string Description => "successive windows, each of one document";

    public bool JoinsDocuments => false;

    public IEnumerable<TextWindow> Cut(IEnumerable<TokenizedDocument> documents, WindowSettings settings)
    {
        int[] prefix = settings.Prefix;
        foreach (TokenizedDocument text in documents)
        {
            for (int start = 0; start < text.Tokens.Length; start += settings.Room)
            {
                int count = Math.Min(settings.Room, text.Tokens.Length - start);
                yield return new TextWindow([new WindowPart(text.Document, 0)], [.. prefix, .. text.Tokens.AsSpan(start, count)]);
            }
        }
    }
}
