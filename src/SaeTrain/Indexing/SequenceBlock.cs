using Workbench.Activations;

namespace Workbench.SaeTrain.Indexing;

/// <summary>Some consecutive whole sequences of a harvest, and so some consecutive rows.</summary>
internal readonly record struct SequenceBlock(long FirstSequence, int Sequences, long FirstRow, int Rows)
{
    /// <summary>Cuts a harvest into blocks of about <paramref name="targetRows"/> rows.</summary>
    /// <exception cref="WorkbenchException">The sequences do not cover the rows one after the other.</exception>
    public static List<SequenceBlock> Cut(SequenceTable sequences, long rows, int targetRows)
    {
        var blocks = new List<SequenceBlock>();
        var block = new SequenceBlock(0, 0, 0, 0);
        for (long sequence = 0; sequence < sequences.Count; sequence++)
        {
            int count = sequences.Rows(sequence);
            if (sequences.FirstRow(sequence) != block.FirstRow + block.Rows)
            {
                throw new WorkbenchException($"Sequence {sequence} of sequences.arrow does not follow the one before; harvest again.");
            }

            block = block with { Sequences = block.Sequences + 1, Rows = block.Rows + count };
            if (block.Rows >= targetRows || sequence == sequences.Count - 1)
            {
                blocks.Add(block);
                block = new SequenceBlock(sequence + 1, 0, block.FirstRow + block.Rows, 0);
            }
        }

        return block.FirstRow == rows
            ? blocks
            : throw new WorkbenchException($"sequences.arrow holds {block.FirstRow} rows where the manifest says {rows}; harvest again.");
    }
}
