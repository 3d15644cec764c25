using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PostProcessing;

/// <summary>Steps one after the other.</summary>
internal sealed class PostProcessorSequence(IReadOnlyList<IPostProcessor> steps) : IPostProcessor
{
    public TokenFrame Apply(TokenFrame before)
    {
        return steps.Aggregate(before, (frame, step) => step.Apply(frame));
    }

    private sealed class Reader : IStepReader<IPostProcessor>
    {
        public string Type => "Sequence";

        public IPostProcessor Read(JsonField field)
        {
            field.Only("processors");
            return new PostProcessorSequence(StepReaders<IPostProcessor>.ReadAll(field["processors"]));
        }
    }
}
