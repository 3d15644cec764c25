using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>Puts a text before any other text that is not empty. It stands for the first character.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    public AlignedText? Normalize(ReadOnlySpan<char> text)
    {
        var rewriter = new TextRewriter(text);
        if (prefix.Length == 0 || !rewriter.TryPeek(out Rune first))
        {
            return null;
        }

        rewriter.Skip();
        foreach (Rune rune in prefix.EnumerateRunes())
        {
            rewriter.Insert(rune);
        }

        rewriter.Insert(first);
        while (rewriter.TryPeek(out Rune next))
        {
            rewriter.Take(next);
        }

        return rewriter.Finish();
    }

    private sealed class Reader : IStepReader<INormalizer>
    {
        public string Type => "Prepend";

        public INormalizer Read(JsonField field)
        {
            field.Only("prepend");
            return new PrependNormalizer(field["prepend"].Text());
        }
    }
}
