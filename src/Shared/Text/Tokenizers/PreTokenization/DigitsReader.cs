using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Reads a step that sets numbers (categories Nd, Nl, No) apart, each alone or in runs.</summary>
internal sealed class DigitsReader : IStepReader<IPreTokenizer>
{
    public string Type => "Digits";

    public static SplitStep Step(bool individual)
    {
        return new SplitStep(new RunePattern(Rune.IsNumber), individual ? SplitBehavior.Isolated : SplitBehavior.Contiguous);
    }

    public IPreTokenizer Read(JsonField field)
    {
        field.Only("individual_digits");
        return Step(field["individual_digits"].Flag(whenAbsent: false));
    }
}
