using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Reads BERT's pre-tokenizer: words without white space, punctuation apart.</summary>
internal sealed class BertPreTokenizer : IStepReader<IPreTokenizer>
{
    public string Type => "BertPreTokenizer";

    public IPreTokenizer Read(JsonField field)
    {
        field.Only();
        return new PreTokenizerSequence([WhitespaceSplit.Step(), new SplitStep(Punctuation.Pattern, SplitBehavior.Isolated)]);
    }
}
