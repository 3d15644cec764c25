using Workbench.SaeTrain.Fused.Lanes;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>Simple operations on single rows.</summary>
internal static unsafe class RowKernel
{
    public static void Subtract<TLanes, TVector>(float* left, float* right, float* target, int width)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        int column = 0;
        for (; column <= width - TLanes.Count; column += TLanes.Count)
        {
            TLanes.Store(TLanes.Subtract(TLanes.Load(left + column), TLanes.Load(right + column)), target + column);
        }

        for (; column < width; column++)
        {
            target[column] = left[column] - right[column];
        }
    }

    public static void Round<TLanes, TVector>(float* source, ushort* target, int width)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        int column = 0;
        for (; column <= width - TLanes.Count; column += TLanes.Count)
        {
            TLanes.Store(TLanes.Load(source + column), target + column);
        }

        for (; column < width; column++)
        {
            SingleLane.Store(source[column], target + column);
        }
    }

    public static float Dot<TLanes, TVector>(float* left, float* right, int width)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        TVector even = TLanes.Create(0);
        TVector odd = even;
        int column = 0;
        for (; column <= width - (2 * TLanes.Count); column += 2 * TLanes.Count)
        {
            int next = column + TLanes.Count;
            even = TLanes.MultiplyAdd(TLanes.Load(left + column), TLanes.Load(right + column), even);
            odd = TLanes.MultiplyAdd(TLanes.Load(left + next), TLanes.Load(right + next), odd);
        }

        float sum = TLanes.Sum(TLanes.Add(even, odd));
        for (; column < width; column++)
        {
            sum += left[column] * right[column];
        }

        return sum;
    }

    public static float SquaredDistance<TLanes, TVector>(float* left, float* right, int width)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        TVector total = TLanes.Create(0);
        int column = 0;
        for (; column <= width - TLanes.Count; column += TLanes.Count)
        {
            TVector difference = TLanes.Subtract(TLanes.Load(left + column), TLanes.Load(right + column));
            total = TLanes.MultiplyAdd(difference, difference, total);
        }

        float sum = TLanes.Sum(total);
        for (; column < width; column++)
        {
            float difference = left[column] - right[column];
            sum += difference * difference;
        }

        return sum;
    }

    public static void Scale<TLanes, TVector>(float* row, float factor, int width)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        TVector factors = TLanes.Create(factor);
        int column = 0;
        for (; column <= width - TLanes.Count; column += TLanes.Count)
        {
            TLanes.Store(TLanes.Multiply(TLanes.Load(row + column), factors), row + column);
        }

        for (; column < width; column++)
        {
            row[column] *= factor;
        }
    }

    public static void AddScaled<TLanes, TVector>(float* row, float factor, float* sum, int width)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        TVector factors = TLanes.Create(factor);
        int column = 0;
        for (; column <= width - TLanes.Count; column += TLanes.Count)
        {
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(row + column), factors, TLanes.Load(sum + column)), sum + column);
        }

        for (; column < width; column++)
        {
            sum[column] += factor * row[column];
        }
    }
}
