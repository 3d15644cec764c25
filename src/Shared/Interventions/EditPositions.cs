namespace Workbench.Interventions;

/// <summary>Where in a text an edit applies.</summary>
/// <param name="Kind">Kind of place.</param>
/// <param name="From">First position of a range.</param>
/// <param name="To">Last position of a range, included.</param>
public readonly record struct EditPositions(EditPositionKind Kind, int From = 0, int To = 0)
{
    /// <summary>Columns of a pass that are meant, as the first and the one after the last; equal for none.</summary>
    /// <param name="firstPosition">Position of column 0 in the text.</param>
    /// <param name="columns">Columns of the pass.</param>
    /// <param name="promptLength">Tokens of the prompt.</param>
    internal (int Start, int End) Columns(int firstPosition, int columns, int promptLength)
    {
        (long from, long end) = Kind switch
        {
            EditPositionKind.All => (0L, long.MaxValue),
            EditPositionKind.Prompt => (0L, promptLength),
            EditPositionKind.Generated => (promptLength, long.MaxValue),
            EditPositionKind.Last => (firstPosition + columns - 1L, long.MaxValue),
            _ => (From, To + 1L),
        };
        int start = (int)Math.Clamp(from - firstPosition, 0, columns);
        return (start, (int)Math.Clamp(end - firstPosition, start, columns));
    }
}
