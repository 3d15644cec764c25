using System.Text;
using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.Normalization;

/// <summary>Lower case, each character by itself (no rule for a final sigma).</summary>
internal sealed class LowercaseNormalizer : CharacterNormalizer
{
    private const int DottedCapitalI = 0x130;
    private const int KelvinSign = 0x212A;
    private const int CombiningDot = 0x307;

    protected override void Rewrite(Rune next, ref TextRewriter rewriter)
    {
        switch (next.Value)
        {
            // The two that the runtime leaves alone in order not to turn them into ASCII.
            case DottedCapitalI:
                rewriter.Take(new Rune('i'));
                rewriter.Insert(new Rune(CombiningDot));
                break;
            case KelvinSign:
                rewriter.Take(new Rune('k'));
                break;
            default:
                rewriter.Take(Rune.ToLowerInvariant(next));
                break;
        }
    }

    private sealed class Reader : IStepReader<INormalizer>
    {
        public string Type => "Lowercase";

        public INormalizer Read(JsonField field)
        {
            field.Only();
            return new LowercaseNormalizer();
        }
    }
}
