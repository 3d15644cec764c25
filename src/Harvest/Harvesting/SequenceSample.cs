using Workbench.Text.Tokenizers;

namespace Workbench.Harvest.Harvesting;

/// <summary>One sequence to look at.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Document">Its document.</param>
/// <param name="Name">The document's name.</param>
/// <param name="FirstRow">The row of the first kept position.</param>
/// <param name="KeptFrom">The first kept position.</param>
/// <param name="Tokens">What the model saw.</param>
/// <param name="Text">The same as text; null where the tokenizer is out of reach.</param>
internal sealed record SequenceSample(
    long Sequence, long Document, string Name, long FirstRow, int KeptFrom, IReadOnlyList<int> Tokens, string? Text)
{
    public static SequenceSample Of(Activations.Harvest harvest, long sequence, TextTokenizer? tokenizer)
    {
        int[] tokens = harvest.Sequences.Tokens(sequence).ToArray();
        long document = harvest.Sequences.Document(sequence);
        return new SequenceSample(
            sequence, document, harvest.Documents.Find(document)?.Name ?? string.Empty, harvest.Sequences.FirstRow(sequence),
            harvest.Sequences.KeptFrom(sequence), tokens, tokenizer?.Decode(tokens));
    }
}
