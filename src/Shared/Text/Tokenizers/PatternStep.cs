using System.Text.RegularExpressions;

namespace Workbench.Text.Tokenizers;

/// <summary>Cuts by a regular expression. Matches and the text between them become pieces, or one of the two is dropped.</summary>
/// <param name="pattern">The expression, in .NET's syntax.</param>
/// <param name="keepMatches">Whether matches stay.</param>
/// <param name="keepRest">Whether the text between matches stays.</param>
internal sealed class PatternStep(Regex pattern, bool keepMatches, bool keepRest) : ISplitStep
{
    public void Split(ReadOnlySpan<char> piece, int start, PieceList parts)
    {
        int covered = 0;
        foreach (ValueMatch match in pattern.EnumerateMatches(piece))
        {
            if (keepRest)
            {
                parts.Add(start + covered, match.Index - covered);
            }

            if (keepMatches)
            {
                parts.Add(start + match.Index, match.Length);
            }

            covered = match.Index + match.Length;
        }

        if (keepRest)
        {
            parts.Add(start + covered, piece.Length - covered);
        }
    }
}
