using System.Runtime.InteropServices;
using Shouldly;
using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Indexing;
using Xunit;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Tests.Indexing;

public sealed class NearestRowsTests
{
    [Theory]
    [InlineData(MatrixPrecision.Float32)]
    [InlineData(MatrixPrecision.BFloat16)]
    public void Neighbours_are_those_of_the_whole_matrix_of_cosines(MatrixPrecision precision)
    {
        const int Rows = 131;
        const int Kept = 7;
        const int Stride = 9;
        using var scope = NewDisposeScope();
        using var generator = new torch.Generator(3, CPU);
        Tensor unit = nn.functional.normalize(randn([Rows, 24], generator: generator), dim: 1);
        int[] neighbours = new int[Rows * Stride];
        float[] cosines = new float[Rows * Stride];
        Array.Fill(neighbours, -1);

        new NearestRows(unit, Kept, precision).Find(neighbours, cosines, Stride, _ => { }, CancellationToken.None);

        Tensor all = unit.mm(unit.t());
        all.diagonal().fill_(-2);
        (Tensor values, Tensor indices) = all.topk(Kept, 1);
        float[] expected = MemoryMarshal.Cast<byte, float>(values.contiguous().bytes).ToArray();
        long[] latents = MemoryMarshal.Cast<byte, long>(indices.contiguous().bytes).ToArray();
        for (int row = 0; row < Rows; row++)
        {
            for (int i = 0; i < Kept; i++)
            {
                neighbours[(row * Stride) + i].ShouldBe((int)latents[(row * Kept) + i]);
                cosines[(row * Stride) + i].ShouldBe(expected[(row * Kept) + i], 1e-5);
            }

            neighbours[(row * Stride) + Kept].ShouldBe(-1);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(1000)]
    public void The_largest_of_a_row_come_by_falling_value_and_of_equal_ones_the_first(int length)
    {
        var random = new Random(length);
        float[] row = [.. Enumerable.Range(0, length).Select(_ => (float)(random.Next(40) - 30) / 4)];
        ushort[] bits = [.. row.Select(value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16))];
        int[] expected = [.. Enumerable.Range(0, length).OrderByDescending(column => row[column]).ThenBy(column => column).Take(5)];
        var largest = new LargestOfRow(5);

        largest.Choose(row);
        int[] found = largest.Columns.ToArray();
        largest.Choose(bits);

        found.ShouldBe(expected);
        largest.Columns.ToArray().ShouldBe(expected);
        largest.Values.ToArray().ShouldBe(expected.Select(column => row[column]));
    }
}
