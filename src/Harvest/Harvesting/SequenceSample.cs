using Workbench.Activations;
using Workbench.Text.Tokenizers;

namespace Workbench.Harvest.Harvesting;

/// <summary>One sequence to look at.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Document">Its first document.</param>
/// <param name="Name">The names of its documents.</param>
/// <param name="FirstRow">The row of the first kept position.</param>
/// <param name="Kept">The number of positions that have a row.</param>
/// <param name="Tokens">What the model saw.</param>
/// <param name="Text">The same as text; null where the tokenizer is out of reach.</param>
internal sealed record SequenceSample(
    long Sequence, long Document, string Name, long FirstRow, int Kept, IReadOnlyList<int> Tokens, string? Text)
{
    public static SequenceSample Of(Activations.Harvest harvest, long sequence, TextTokenizer? tokenizer)
    {
        int[] tokens = harvest.Sequences.Tokens(sequence).ToArray();
        SequencePart[] parts = harvest.Sequences.Parts(sequence);
        string names = string.Join(", ", parts.Select(part => harvest.Documents.Find(part.Document)?.Name).Where(name => !string.IsNullOrEmpty(name)));
        return new SequenceSample(
            sequence, parts[0].Document, names, harvest.Sequences.FirstRow(sequence), harvest.Sequences.Rows(sequence), tokens, tokenizer?.Decode(tokens));
    }
}
