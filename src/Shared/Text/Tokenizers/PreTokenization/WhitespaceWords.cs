using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Reads a step that keeps runs of word characters and runs of other characters, without white space.</summary>
internal sealed class WhitespaceWords : IStepReader<IPreTokenizer>
{
    public string Type => "Whitespace";

    public IPreTokenizer Read(JsonField field)
    {
        field.Only();
        return new SplitStep(new RegexPattern(@"\w+|[^\w\s]+"), SplitBehavior.Removed, invert: true);
    }
}
