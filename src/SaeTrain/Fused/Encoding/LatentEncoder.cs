using Workbench.SaeTrain.Fused.Kernels;
using Workbench.SaeTrain.Fused.Selection;

namespace Workbench.SaeTrain.Fused.Encoding;

/// <summary>Encodes a batch: block by block, the product and the choice of its entries.</summary>
internal sealed unsafe class LatentEncoder(FusedContext context, IRowProduct product, LatentSelection selection, StepClock clock)
{
    /// <summary>Chooses the entries of a batch whose centred rows are in the product.</summary>
    public void Run(int rows)
    {
        IReadOnlyList<EntryPart> parts = context.Parts(rows, selection.Scratch);
        selection.Begin(rows);
        do
        {
            for (int first = 0; first < rows;)
            {
                clock.Start(StepPart.Product);
                void* rowsOfBlock = product.Block(first, out int count);
                clock.Start(StepPart.Selection);
                Choose((nint)rowsOfBlock, first, count, parts);
                first += count;
            }
        }
        while (!selection.Finish(parts));
        context.Entries.Take(parts, rows);
        clock.Stop();
    }

    private void Choose(nint block, int first, int count, IReadOnlyList<EntryPart> parts)
    {
        long stride = product.RowBytes;
        selection.Preview(Row(block), count, stride);
        int firstPart = first / Partition.Rows;
        Partition.ForEach(count, Partition.Rows, (index, start, end) =>
        {
            EntryPart part = parts[firstPart + index];
            part.Begin();
            for (int row = start; row < end; row++)
            {
                selection.Choose(Row(block + (nint)(row * stride)), part);
                part.EndRow(first + row);
            }
        });
    }

    private ScannedRow Row(nint row)
    {
        return new ScannedRow
        {
            Product = (void*)row,
            Bias = context.Weights.EncoderBias.Weights,
            Scale = context.Norms,
            Latents = context.Latents,
        };
    }
}
