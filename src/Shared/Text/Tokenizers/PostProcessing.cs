namespace Workbench.Text.Tokenizers;

/// <summary>What happens after the model: ids around the text and the trimming of offsets.</summary>
/// <param name="Prefix">Ids before the text when special tokens are added.</param>
/// <param name="Suffix">Ids after the text when special tokens are added.</param>
/// <param name="TrimOffsets">Whether spans leave out the white space at their borders.</param>
/// <param name="KeepFirstSpace">Whether trimming leaves the first space of the text's first token in its span.</param>
internal sealed record PostProcessing(int[] Prefix, int[] Suffix, bool TrimOffsets, bool KeepFirstSpace)
{
    public static PostProcessing None { get; } = new([], [], false, false);
}
