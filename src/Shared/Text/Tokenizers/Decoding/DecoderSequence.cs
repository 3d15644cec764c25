using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Decoding;

/// <summary>Decoders one after the other.</summary>
internal sealed class DecoderSequence(IReadOnlyList<IDecoder> steps) : IDecoder
{
    public void Decode(List<string> tokens)
    {
        foreach (IDecoder step in steps)
        {
            step.Decode(tokens);
        }
    }

    public TokenContent Inside(TokenContent token)
    {
        return steps.Aggregate(token, (content, step) => step.Inside(content));
    }

    private sealed class Reader : IStepReader<IDecoder>
    {
        public string Type => "Sequence";

        public IDecoder Read(JsonField field)
        {
            field.Only("decoders");
            return new DecoderSequence(StepReaders<IDecoder>.ReadAll(field["decoders"]));
        }
    }
}
