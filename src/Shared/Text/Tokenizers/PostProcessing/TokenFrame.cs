using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PostProcessing;

/// <summary>What happens after the model: ids around the text and the trimming of offsets.</summary>
/// <param name="Prefix">Ids before the text when special tokens are added.</param>
/// <param name="Suffix">Ids after the text when special tokens are added.</param>
/// <param name="TrimOffsets">Whether spans leave out the white space at their borders.</param>
/// <param name="KeepFirstSpace">Whether trimming leaves the first space of the text's first token in its span.</param>
internal sealed record TokenFrame(int[] Prefix, int[] Suffix, bool TrimOffsets, bool KeepFirstSpace)
{
    public static TokenFrame None { get; } = new([], [], false, false);

    /// <summary>With more ids around what there is.</summary>
    public TokenFrame Around(IEnumerable<int> prefix, IEnumerable<int> suffix)
    {
        return this with { Prefix = [.. prefix, .. Prefix], Suffix = [.. Suffix, .. suffix] };
    }

    /// <summary>With offsets trimmed as a field owner's <c>trim_offsets</c> and <c>add_prefix_space</c> say.</summary>
    public TokenFrame Trimmed(JsonField owner)
    {
        return owner["trim_offsets"].Flag(whenAbsent: true)
            ? this with { TrimOffsets = true, KeepFirstSpace = owner["add_prefix_space"].Flag(whenAbsent: true) }
            : this;
    }
}
