using System.Runtime.CompilerServices;
using Workbench.SaeTrain.Fused.Lanes;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>Reconstructs a row from few decoder rows, with its error and the gradient of every nested reconstruction.</summary>
internal static unsafe class DecodeKernel
{
    public static void Run<TLanes, TVector>(in DecodedRow row)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        int column = Quads<TLanes, TVector>(row, 0);
        column = Singles<TLanes, TVector>(row, column);
        _ = Singles<SingleLane, float>(row, column);
    }

    /// <summary>The product of one gradient row with each of the entries' decoder rows.</summary>
    public static void Pulls<TLanes, TVector>(float* decoder, int width, int* latents, int count, float* gradient, float* pulls)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        int entry = 0;
        for (; entry <= count - 2; entry += 2)
        {
            float* left = decoder + ((long)latents[entry] * width);
            float* right = decoder + ((long)latents[entry + 1] * width);
            TVector leftEven = TLanes.Create(0);
            (TVector leftOdd, TVector rightEven, TVector rightOdd) = (leftEven, leftEven, leftEven);
            int column = 0;
            for (; column <= width - (2 * TLanes.Count); column += 2 * TLanes.Count)
            {
                int next = column + TLanes.Count;
                TVector even = TLanes.Load(gradient + column);
                TVector odd = TLanes.Load(gradient + next);
                leftEven = TLanes.MultiplyAdd(TLanes.Load(left + column), even, leftEven);
                leftOdd = TLanes.MultiplyAdd(TLanes.Load(left + next), odd, leftOdd);
                rightEven = TLanes.MultiplyAdd(TLanes.Load(right + column), even, rightEven);
                rightOdd = TLanes.MultiplyAdd(TLanes.Load(right + next), odd, rightOdd);
            }

            float leftSum = TLanes.Sum(TLanes.Add(leftEven, leftOdd));
            float rightSum = TLanes.Sum(TLanes.Add(rightEven, rightOdd));
            for (; column < width; column++)
            {
                leftSum += left[column] * gradient[column];
                rightSum += right[column] * gradient[column];
            }

            pulls[entry] = leftSum;
            pulls[entry + 1] = rightSum;
        }

        if (entry < count)
        {
            pulls[entry] = RowKernel.Dot<TLanes, TVector>(decoder + ((long)latents[entry] * width), gradient, width);
        }
    }

    private static int Quads<TLanes, TVector>(in DecodedRow row, int column)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        int step = 4 * TLanes.Count;
        for (; column <= row.Width - step; column += step)
        {
            int entry = 0;
            (int second, int third, int fourth) = (column + TLanes.Count, column + (2 * TLanes.Count), column + (3 * TLanes.Count));
            TVector sum0 = TLanes.Load(row.Bias + column);
            TVector sum1 = TLanes.Load(row.Bias + second);
            TVector sum2 = TLanes.Load(row.Bias + third);
            TVector sum3 = TLanes.Load(row.Bias + fourth);
            for (int plane = 0; plane < row.Planes; plane++)
            {
                for (; entry < row.Ends[plane]; entry++)
                {
                    float* weights = row.Decoder + ((long)row.Latents[entry] * row.Width) + column;
                    TVector value = TLanes.Create(row.Values[entry]);
                    sum0 = TLanes.MultiplyAdd(TLanes.Load(weights), value, sum0);
                    sum1 = TLanes.MultiplyAdd(TLanes.Load(weights + TLanes.Count), value, sum1);
                    sum2 = TLanes.MultiplyAdd(TLanes.Load(weights + (2 * TLanes.Count)), value, sum2);
                    sum3 = TLanes.MultiplyAdd(TLanes.Load(weights + (3 * TLanes.Count)), value, sum3);
                }

                TVector squares = Finish<TLanes, TVector>(row, plane, column, sum0, TLanes.Create(0));
                squares = Finish<TLanes, TVector>(row, plane, second, sum1, squares);
                squares = Finish<TLanes, TVector>(row, plane, third, sum2, squares);
                squares = Finish<TLanes, TVector>(row, plane, fourth, sum3, squares);
                row.Squares[plane] += TLanes.Sum(squares);
            }

            Nest<TLanes, TVector>(row, column, column + step);
        }

        return column;
    }

    private static int Singles<TLanes, TVector>(in DecodedRow row, int column)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        for (; column <= row.Width - TLanes.Count; column += TLanes.Count)
        {
            int entry = 0;
            TVector sum = TLanes.Load(row.Bias + column);
            for (int plane = 0; plane < row.Planes; plane++)
            {
                for (; entry < row.Ends[plane]; entry++)
                {
                    float* weights = row.Decoder + ((long)row.Latents[entry] * row.Width) + column;
                    sum = TLanes.MultiplyAdd(TLanes.Load(weights), TLanes.Create(row.Values[entry]), sum);
                }

                row.Squares[plane] += TLanes.Sum(Finish<TLanes, TVector>(row, plane, column, sum, TLanes.Create(0)));
            }

            Nest<TLanes, TVector>(row, column, column + TLanes.Count);
        }

        return column;
    }

    /// <summary>Stores the scaled error of a plane and adds its square to a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Finish<TLanes, TVector>(in DecodedRow row, int plane, int column, TVector reconstruction, TVector squares)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        TVector error = TLanes.Subtract(reconstruction, TLanes.Load(row.Target + column));
        TLanes.Store(TLanes.Multiply(error, TLanes.Create(row.Factors[plane])), row.Gradients + (plane * row.Stride) + column);
        return TLanes.MultiplyAdd(error, error, squares);
    }

    /// <summary>Each plane's gradient gains those of the planes that contain it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Nest<TLanes, TVector>(in DecodedRow row, int first, int end)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        for (int plane = row.Planes - 2; plane >= 0; plane--)
        {
            float* inner = row.Gradients + (plane * row.Stride);
            float* outer = inner + row.Stride;
            for (int column = first; column < end; column += TLanes.Count)
            {
                TLanes.Store(TLanes.Add(TLanes.Load(inner + column), TLanes.Load(outer + column)), inner + column);
            }
        }
    }
}
