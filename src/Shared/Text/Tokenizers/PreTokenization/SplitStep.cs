using Workbench.Workspaces;

namespace Workbench.Text.Tokenizers.PreTokenization;

/// <summary>Splits by a pattern.</summary>
/// <param name="pattern">What is looked for.</param>
/// <param name="behavior">What becomes of the matches.</param>
/// <param name="invert">Whether the text between matches counts as the match.</param>
internal sealed class SplitStep(ITextPattern pattern, SplitBehavior behavior, bool invert = false) : IPreTokenizer, ITextCutter
{
    [ThreadStatic]
    private static PieceList? s_matches;

    /// <summary>Matches of an expression and the text between them.</summary>
    public static SplitStep Isolate(string expression)
    {
        return new SplitStep(new RegexPattern(expression), SplitBehavior.Isolated);
    }

    public void Apply(ref TextPieces pieces)
    {
        pieces.Cut(this);
    }

    public void Cut(ReadOnlySpan<char> piece, int start, PieceList parts)
    {
        PieceList matches = s_matches ??= new PieceList();
        matches.Clear();
        pattern.Find(piece, matches);
        new PieceFolder(parts, behavior, invert).Fold(start, piece.Length, matches.Pieces);
    }

    private sealed class Reader : IStepReader<IPreTokenizer>
    {
        public string Type => "Split";

        public IPreTokenizer Read(JsonField field)
        {
            field.Only("pattern", "behavior", "invert");
            return new SplitStep(
                PatternReader.Read(field["pattern"]), BehaviorReader.Read(field["behavior"]), field["invert"].Flag(whenAbsent: false));
        }
    }
}
