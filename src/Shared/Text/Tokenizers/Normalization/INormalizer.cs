namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>Rewrites text before pre-tokenisation and says which characters of the original each character stands for.</summary>
internal interface INormalizer
{
    /// <summary>The normalised text, or null when the text is already normal.</summary>
    AlignedText? Normalize(ReadOnlySpan<char> text);
}
