using System.Globalization;
using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Punctuation as BERT counts it: category P and every ASCII symbol.</summary>
internal sealed class Punctuation : IStepReader<IPreTokenizer>
{
    public static RunePattern Pattern { get; } = new(IsMatch);

    public string Type => "Punctuation";

    public IPreTokenizer Read(JsonField field)
    {
        field.Only("behavior");
        return new SplitStep(Pattern, field["behavior"].IsNull ? SplitBehavior.Isolated : BehaviorReader.Read(field["behavior"]));
    }

    private static bool IsMatch(Rune rune)
    {
        return rune.IsAscii
            ? rune.Value is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
            : Rune.GetUnicodeCategory(rune) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;
    }
}
