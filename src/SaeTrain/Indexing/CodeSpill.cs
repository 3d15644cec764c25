using TorchSharp;
using Workbench.Activations;
using Workbench.Dictionaries;
using Workbench.Features;
using Workbench.Numerics;
using Workbench.Workspaces;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Indexing;

/// <summary>The one pass over the model's activations: encodes them and writes the sparse codes, from which all else follows.</summary>
internal static class CodeSpill
{
    private const int BlockRows = 4096;

    public static void Run(
        string folder,
        FeatureIndexInfo info,
        IActivationReader activations,
        SequenceTable sequences,
        AttachedDictionary dictionary,
        MatrixPrecision precision,
        Action<long> progress,
        CancellationToken cancellation,
        FileOpener? open = null)
    {
        List<SequenceBlock> blocks = SequenceBlock.Cut(sequences, info.Tokens, BlockRows);
        int largest = blocks.Count == 0 ? 0 : blocks.Max(block => block.Rows);
        using Tensor buffer = empty(largest, activations.Width);
        int codes = largest * dictionary.RowsPerToken;
        int[] tokens = new int[codes];
        long[] places = new long[codes];
        int[] positions = new int[codes];
        using var writer = new CodeTableWriter(folder, info, open);
        foreach (SequenceBlock block in blocks.Where(block => block.Rows > 0))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            Tensor rows = buffer.narrow(0, 0, block.Rows);
            activations.Read(block, rows, cancellation);
            SparseCode code = dictionary.Encode(rows, precision);
            Place(sequences, block, dictionary.RowsPerToken, tokens, places, positions);
            writer.Add(code, tokens.AsSpan(0, code.Rows), places.AsSpan(0, code.Rows), positions.AsSpan(0, code.Rows));
            progress(block.FirstRow + block.Rows);
        }

        writer.Complete();
    }

    private static void Place(SequenceTable sequences, SequenceBlock block, int rowsPerToken, int[] tokens, long[] places, int[] positions)
    {
        int row = 0;
        for (long sequence = block.FirstSequence; sequence < block.FirstSequence + block.Sequences; sequence++)
        {
            ReadOnlySpan<int> seen = sequences.Tokens(sequence);
            foreach (int position in sequences.Kept(sequence))
            {
                Array.Fill(tokens, seen[position], row, rowsPerToken);
                Array.Fill(places, sequence, row, rowsPerToken);
                Array.Fill(positions, position, row, rowsPerToken);
                row += rowsPerToken;
            }
        }
    }
}
