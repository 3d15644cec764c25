using System.Numerics;
using Workbench.SaeTrain.Fused.Lanes;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>Collects the columns of a row whose score is above a threshold.</summary>
internal static unsafe class ScanKernel
{
    /// <summary>Scans from a column on until the row ends or the collection is nearly full.</summary>
    /// <param name="row">The row.</param>
    /// <param name="threshold">Scores above this are collected.</param>
    /// <param name="column">First column; afterwards, the first that was not scanned.</param>
    /// <param name="found">Receives columns, ascending.</param>
    /// <param name="capacity">Room for columns; scanning ends where another two vectors might not fit.</param>
    /// <returns>Number of columns found.</returns>
    public static int Run<TLanes, TVector, TElement, TScore>(in ScannedRow row, float threshold, ref int column, int* found, int capacity)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
        where TElement : IElement
        where TScore : IScore
    {
        int count = Pairs<TLanes, TVector, TElement, TScore>(row, threshold, ref column, found, capacity);
        if (column > row.Latents - (2 * TLanes.Count) && capacity - count > 2 * TLanes.Count)
        {
            count += Singles<TElement, TScore>(row, threshold, ref column, found + count);
        }

        return count;
    }

    private static int Pairs<TLanes, TVector, TElement, TScore>(in ScannedRow row, float threshold, ref int column, int* found, int capacity)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
        where TElement : IElement
        where TScore : IScore
    {
        void* product = row.Product;
        float* bias = row.Bias;
        float* scale = row.Scale;
        TVector limit = TLanes.Create(threshold);
        int last = row.Latents - (2 * TLanes.Count);
        int room = capacity - (2 * TLanes.Count);
        int count = 0;
        int at = column;
        for (; at <= last && count <= room; at += 2 * TLanes.Count)
        {
            int next = at + TLanes.Count;
            TVector first = TScore.Of<TLanes, TVector>(TElement.Load<TLanes, TVector>(product, at), bias, scale, at);
            TVector second = TScore.Of<TLanes, TVector>(TElement.Load<TLanes, TVector>(product, next), bias, scale, next);
            ulong above = TLanes.Above(first, limit) | (TLanes.Above(second, limit) << TLanes.Count);
            for (; above != 0; above &= above - 1)
            {
                found[count++] = at + BitOperations.TrailingZeroCount(above);
            }
        }

        column = at;
        return count;
    }

    private static int Singles<TElement, TScore>(in ScannedRow row, float threshold, ref int column, int* found)
        where TElement : IElement
        where TScore : IScore
    {
        int count = 0;
        for (; column < row.Latents; column++)
        {
            float score = TScore.Of<SingleLane, float>(TElement.Load<SingleLane, float>(row.Product, column), row.Bias, row.Scale, column);
            found[count] = column;
            count += score > threshold ? 1 : 0;
        }

        return count;
    }
}
