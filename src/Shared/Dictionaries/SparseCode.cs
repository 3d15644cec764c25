using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

/// <summary>Latents of many activations, without the zeros: compressed sparse rows.</summary>
public sealed class SparseCode
{
    /// <summary>Wraps the three arrays.</summary>
    /// <param name="latents">Number of latents.</param>
    /// <param name="rowOffsets">First entry of each row, and the number of entries at the end: rows + 1 values.</param>
    /// <param name="indices">Latent of each entry, ascending within a row.</param>
    /// <param name="values">Value of each entry, never zero.</param>
    public SparseCode(int latents, long[] rowOffsets, int[] indices, float[] values)
    {
        if (rowOffsets.Length == 0 || rowOffsets[^1] != indices.Length || indices.Length != values.Length)
        {
            throw new ArgumentException("Row offsets, indices and values do not belong together.");
        }

        Latents = latents;
        RowOffsets = rowOffsets;
        Indices = indices;
        Values = values;
    }

    /// <summary>Number of rows.</summary>
    public int Rows => RowOffsets.Length - 1;

    /// <summary>Number of latents, the width of the dense form.</summary>
    public int Latents { get; }

    /// <summary>First entry of each row, and the number of entries at the end.</summary>
    public long[] RowOffsets { get; }

    /// <summary>Latent of each entry, ascending within a row.</summary>
    public int[] Indices { get; }

    /// <summary>Value of each entry.</summary>
    public float[] Values { get; }

    /// <summary>Number of entries of all rows.</summary>
    public int Count => Values.Length;

    /// <summary>Latents that are on in a row, ascending.</summary>
    public ReadOnlySpan<int> RowIndices(int row)
    {
        return Indices.AsSpan((int)RowOffsets[row], (int)(RowOffsets[row + 1] - RowOffsets[row]));
    }

    /// <summary>Values of the latents that are on in a row.</summary>
    public ReadOnlySpan<float> RowValues(int row)
    {
        return Values.AsSpan((int)RowOffsets[row], (int)(RowOffsets[row + 1] - RowOffsets[row]));
    }

    /// <summary>Value of one latent in a row; 0 where it is off.</summary>
    public float At(int row, int latent)
    {
        int place = RowIndices(row).BinarySearch(latent);
        return place < 0 ? 0 : RowValues(row)[place];
    }

    /// <summary>The dense form [rows, latents] in float32 on the CPU.</summary>
    public Tensor ToDense()
    {
        Tensor dense = torch.zeros(Rows, Latents);
        Span<float> cells = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(dense.bytes);
        for (int row = 0; row < Rows; row++)
        {
            Span<float> target = cells.Slice(row * Latents, Latents);
            ReadOnlySpan<int> indices = RowIndices(row);
            ReadOnlySpan<float> values = RowValues(row);
            for (int i = 0; i < indices.Length; i++)
            {
                target[indices[i]] = values[i];
            }
        }

        return dense;
    }
}
