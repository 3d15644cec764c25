using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Workbench.Numerics;

namespace Workbench.Models.Kernels.Products;

/// <summary>
/// Brings second factors into the order that <see cref="TileProduct"/> reads: [depth, columns] of float32, or of pairs of bfloat16
/// that follow each other in depth.
/// </summary>
internal static unsafe class PackKernel
{
    private const int Lanes = 8;

    /// <summary>Packs a linear layer's weight as its product's second factor.</summary>
    /// <param name="weight">[outputs, inputs] of float32, or of bfloat16 with an even number of inputs.</param>
    /// <param name="wordsPerRow">Inputs, counted in four bytes.</param>
    /// <param name="layout">Which outputs lie in which tile.</param>
    /// <param name="target">Tiles of [words, 64] four bytes.</param>
    public static void Weight(uint* weight, int wordsPerRow, TileLayout layout, uint* target)
    {
        TorchThreads.For(layout.Tiles, tile =>
        {
            for (int part = 0; part < layout.Parts; part++)
            {
                uint* source = weight + ((long)layout.First(tile, part) * wordsPerRow);
                uint* column = target + ((long)tile * TileProduct.Columns * wordsPerRow) + (part * layout.Width);
                Transpose(source, wordsPerRow, layout.Count(tile), wordsPerRow, column, TileProduct.Columns, layout.Width);
            }
        });
    }

    /// <summary>target[word, row] = source[row, word], zero in columns without a row.</summary>
    /// <param name="source">Rows of four-byte words.</param>
    /// <param name="stride">Words from row to row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="words">Words of each.</param>
    /// <param name="target">Its words of one column lie <paramref name="pitch"/> words apart.</param>
    /// <param name="pitch">Words from row to row of the target.</param>
    /// <param name="columns">Columns to write, a multiple of eight.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(uint* source, long stride, int rows, int words, uint* target, int pitch, int columns)
    {
        for (int row = 0; row < columns; row += Lanes)
        {
            int word = 0;
            for (; row + Lanes <= rows && word <= words - Lanes; word += Lanes)
            {
                Square(source + (row * stride) + word, stride, target + (word * pitch) + row, pitch);
            }

            for (; word < words; word++)
            {
                for (int i = row; i < row + Lanes; i++)
                {
                    target[(word * pitch) + i] = i < rows ? source[(i * stride) + word] : 0;
                }
            }
        }
    }

    /// <summary>Interleaves pairs of bfloat16 rows; a last row alone is paired with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pairs(ushort* source, long stride, int rows, int width, uint* target)
    {
        for (int row = 0; row < rows; row += 2)
        {
            ushort* first = source + (row * stride);
            bool alone = row + 1 == rows;
            for (int i = 0; i < width; i += Lanes)
            {
                Vector256<uint> low = Avx2.ConvertToVector256Int32(first + i).AsUInt32();
                Vector256<uint> high = alone ? default : Avx2.ConvertToVector256Int32(first + stride + i).AsUInt32();
                (low | Vector256.ShiftLeft(high, 16)).Store(target + i);
            }

            target += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(uint* source, long stride, uint* target, int pitch)
    {
        Vector256<uint> r0 = Vector256.Load(source), r1 = Vector256.Load(source + stride);
        Vector256<uint> r2 = Vector256.Load(source + (2 * stride)), r3 = Vector256.Load(source + (3 * stride));
        Vector256<uint> r4 = Vector256.Load(source + (4 * stride)), r5 = Vector256.Load(source + (5 * stride));
        Vector256<uint> r6 = Vector256.Load(source + (6 * stride)), r7 = Vector256.Load(source + (7 * stride));
        Half(r0, r1, r2, r3, out Vector256<ulong> a0, out Vector256<ulong> a1, out Vector256<ulong> a2, out Vector256<ulong> a3);
        Half(r4, r5, r6, r7, out Vector256<ulong> b0, out Vector256<ulong> b1, out Vector256<ulong> b2, out Vector256<ulong> b3);
        Join(a0, b0, target, pitch);
        Join(a1, b1, target + pitch, pitch);
        Join(a2, b2, target + (2 * pitch), pitch);
        Join(a3, b3, target + (3 * pitch), pitch);
    }

    /// <summary>Four rows of eight: each result holds words i and i + 4 of all four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half(
        Vector256<uint> r0, Vector256<uint> r1, Vector256<uint> r2, Vector256<uint> r3, out Vector256<ulong> w0, out Vector256<ulong> w1, out Vector256<ulong> w2, out Vector256<ulong> w3)
    {
        Vector256<ulong> low01 = Avx2.UnpackLow(r0, r1).AsUInt64(), high01 = Avx2.UnpackHigh(r0, r1).AsUInt64();
        Vector256<ulong> low23 = Avx2.UnpackLow(r2, r3).AsUInt64(), high23 = Avx2.UnpackHigh(r2, r3).AsUInt64();
        w0 = Avx2.UnpackLow(low01, low23);
        w1 = Avx2.UnpackHigh(low01, low23);
        w2 = Avx2.UnpackLow(high01, high23);
        w3 = Avx2.UnpackHigh(high01, high23);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(Vector256<ulong> a, Vector256<ulong> b, uint* target, int pitch)
    {
        Avx2.Permute2x128(a, b, 0x20).AsUInt32().Store(target);
        Avx2.Permute2x128(a, b, 0x31).AsUInt32().Store(target + (4 * pitch));
    }
}
