using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>Normalisers one after the other.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<INormalizer> steps) : INormalizer
{
    public AlignedText? Normalize(ReadOnlySpan<char> text)
    {
        AlignedText? result = null;
        foreach (INormalizer step in steps)
        {
            result = step.Normalize(result is null ? text : result.Text)?.Over(result) ?? result;
        }

        return result;
    }

    private sealed class Reader : IStepReader<INormalizer>
    {
        public string Type => "Sequence";

        public INormalizer Read(JsonField field)
        {
            field.Only("normalizers");
            return new NormalizerSequence(StepReaders<INormalizer>.ReadAll(field["normalizers"]));
        }
    }
}
