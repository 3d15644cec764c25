using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PostProcessing;

/// <summary>Trims the offsets of byte-level tokens where it is asked to.</summary>
internal sealed class ByteLevelProcessor(TokenFrame trimming) : IPostProcessor
{
    public TokenFrame Apply(TokenFrame before)
    {
        return trimming.TrimOffsets ? before with { TrimOffsets = true, KeepFirstSpace = trimming.KeepFirstSpace } : before;
    }

    private sealed class Reader : IStepReader<IPostProcessor>
    {
        public string Type => "ByteLevel";

        public IPostProcessor Read(JsonField field)
        {
            field.Only("add_prefix_space", "trim_offsets", "use_regex");
            return new ByteLevelProcessor(TokenFrame.None.Trimmed(field));
        }
    }
}
