using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Reads a step that cuts at a given character, which is dropped.</summary>
internal sealed class DelimiterSplit : IStepReader<IPreTokenizer>
{
    public string Type => "CharDelimiterSplit";

    public IPreTokenizer Read(JsonField field)
    {
        field.Only("delimiter");
        Rune delimiter = field["delimiter"].Character();
        return new SplitStep(new RunePattern(rune => rune == delimiter), SplitBehavior.Removed);
    }
}
