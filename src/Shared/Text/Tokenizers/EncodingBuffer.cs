namespace Workbench.Text.Tokenizers;

/// <summary>What an encoding produces: ids and, where asked for, UTF-16 spans of the original text.</summary>
internal sealed class EncodingBuffer(int capacity, bool withSpans)
{
    public List<int> Ids { get; } = new(capacity);

    public List<(int Start, int End)>? Spans { get; } = withSpans ? new(capacity) : null;

    /// <summary>Index of the first token of the text itself.</summary>
    public int TextStart { get; set; }

    /// <summary>Adds a token of the text or, with an empty span, one that is in no text.</summary>
    public void Add(int id, int start, int end)
    {
        Ids.Add(id);
        Spans?.Add((start, end));
    }
}
