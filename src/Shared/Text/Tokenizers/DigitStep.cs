namespace Workbench.Text.Tokenizers;

/// <summary>Sets numbers (categories Nd, Nl, No) apart, each alone or in runs.</summary>
internal sealed class DigitStep(bool individual) : ISplitStep
{
    public void Split(ReadOnlySpan<char> piece, int start, PieceList parts)
    {
        int from = 0;
        for (int index = 0; index < piece.Length; index++)
        {
            bool number = char.IsNumber(piece[index]);
            bool before = index > 0 && char.IsNumber(piece[index - 1]);
            if (number != before || (individual && number))
            {
                parts.Add(start + from, index - from);
                from = index;
            }
        }

        parts.Add(start + from, piece.Length - from);
    }
}
