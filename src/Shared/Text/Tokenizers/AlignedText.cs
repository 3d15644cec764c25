namespace Workbench.Text.Tokenizers;

/// <summary>A rewritten text with, for each of its UTF-16 units, the span of the original that it stands for.</summary>
internal sealed record AlignedText(string Text, int[] Starts, int[] Ends);
