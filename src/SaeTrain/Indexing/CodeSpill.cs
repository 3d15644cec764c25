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
        SparseAutoencoder dictionary,
        MatrixPrecision precision,
        Action<long> progress,
        CancellationToken cancellation,
        FileOpener? open = null)
    {
        List<SequenceBlock> blocks = SequenceBlock.Cut(sequences, info.Tokens, BlockRows);
        int largest = blocks.Count == 0 ? 0 : blocks.Max(block => block.Rows);
        using Tensor buffer = empty(largest, activations.Width);
        int[] tokens = new int[largest];
        long[] places = new long[largest];
        int[] positions = new int[largest];
        using var writer = new CodeTableWriter(folder, info, open);
        foreach (SequenceBlock block in blocks.Where(block => block.Rows > 0))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            Tensor rows = buffer.narrow(0, 0, block.Rows);
            activations.Read(block, rows, cancellation);
            SparseCode code = dictionary.EncodeSparse(rows, precision);
            Place(sequences, block, tokens, places, positions);
            writer.Add(code, tokens.AsSpan(0, block.Rows), places.AsSpan(0, block.Rows), positions.AsSpan(0, block.Rows));
            progress(block.FirstRow + block.Rows);
        }

        writer.Complete();
    }

    private static void Place(SequenceTable sequences, SequenceBlock block, int[] tokens, long[] places, int[] positions)
    {
        int row = 0;
        for (long sequence = block.FirstSequence; sequence < block.FirstSequence + block.Sequences; sequence++)
        {
            ReadOnlySpan<int> seen = sequences.Tokens(sequence);
            foreach (int position in sequences.Kept(sequence))
            {
                tokens[row] = seen[position];
                places[row] = sequence;
                positions[row] = position;
                row++;
            }
        }
    }
}
