namespace Workbench.Text.Tokenizers;

/// <summary>A rewritten text with, for each of its UTF-16 units, the span of the original that it stands for.</summary>
/// <param name="Text">The text.</param>
/// <param name="Starts">Where each unit's span begins; may be longer than the text.</param>
/// <param name="Ends">Where each unit's span ends; may be longer than the text.</param>
internal sealed record AlignedText(string Text, int[] Starts, int[] Ends)
{
    /// <summary>This text, made from <paramref name="before"/>, aligned with what that one was made from. Takes over the arrays.</summary>
    public AlignedText Over(AlignedText? before)
    {
        if (before is not null)
        {
            for (int unit = 0; unit < Text.Length; unit++)
            {
                int end = Ends[unit];
                Starts[unit] = before.StartOf(Starts[unit]);
                Ends[unit] = end == 0 ? 0 : before.Ends[end - 1];
            }
        }

        return this;
    }

    private int StartOf(int unit)
    {
        return unit < Text.Length ? Starts[unit] : Text.Length == 0 ? 0 : Ends[Text.Length - 1];
    }
}
