using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Cuts at white space, which is dropped.</summary>
internal sealed class WhitespaceSplit : IStepReader<IPreTokenizer>
{
    public string Type => "WhitespaceSplit";

    public static SplitStep Step()
    {
        return new SplitStep(new RunePattern(Rune.IsWhiteSpace), SplitBehavior.Removed);
    }

    public IPreTokenizer Read(JsonField field)
    {
        field.Only();
        return Step();
    }
}
