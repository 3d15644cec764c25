using Workbench.Text.Corpora;

namespace Workbench.Harvest.Harvesting;

/// <summary>A window with its place in the harvest.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Document">The document.</param>
/// <param name="Tokens">What the model sees.</param>
/// <param name="FirstRow">The row of the first kept position.</param>
/// <param name="KeptFrom">The first kept position.</param>
internal sealed record HarvestSequence(long Index, Document Document, int[] Tokens, long FirstRow, int KeptFrom)
{
    public int Rows => Tokens.Length - KeptFrom;

    public long EndRow => FirstRow + Rows;
}
