using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PostProcessing;

/// <summary>The frame of RoBERTa: a token before and after the text, and offsets trimmed.</summary>
internal sealed class RobertaProcessor(int begin, int end, ByteLevelProcessor trimming) : IPostProcessor
{
    public TokenFrame Apply(TokenFrame before)
    {
        return trimming.Apply(before).Around([begin], [end]);
    }

    private sealed class Reader : IStepReader<IPostProcessor>
    {
        public string Type => "RobertaProcessing";

        public IPostProcessor Read(JsonField field)
        {
            field.Only("sep", "cls", "trim_offsets", "add_prefix_space");
            return new RobertaProcessor(
                BertProcessor.Id(field["cls"]), BertProcessor.Id(field["sep"]), new ByteLevelProcessor(TokenFrame.None.Trimmed(field)));
        }
    }
}
