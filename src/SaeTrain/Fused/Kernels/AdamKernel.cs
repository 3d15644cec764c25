using Workbench.SaeTrain.Fused.Lanes;
using Workbench.SaeTrain.Training.Optimization;

namespace Workbench.SaeTrain.Fused.Kernels;

/// <summary>Adam on one row.</summary>
internal static unsafe class AdamKernel
{
    /// <summary>Updates a row and its moments.</summary>
    /// <param name="step">The numbers of the update.</param>
    /// <param name="row">Weights and moments.</param>
    /// <param name="gradient">Gradient [width].</param>
    /// <param name="factor">Factor of the gradient.</param>
    /// <param name="width">Length of the row.</param>
    public static void Run<TLanes, TVector>(in AdamStep step, in AdamRow row, float* gradient, float factor, int width)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        int column = Columns<TLanes, TVector>(step, row, gradient, factor, width, 0);
        _ = Columns<SingleLane, float>(step, row, gradient, factor, width, column);
    }

    private static int Columns<TLanes, TVector>(in AdamStep step, in AdamRow row, float* gradient, float factor, int width, int column)
        where TLanes : ILanes<TVector>
        where TVector : unmanaged
    {
        float* weights = row.Weights;
        float* first = row.FirstMoment;
        float* second = row.SecondMoment;
        TVector beta1 = TLanes.Create(step.Beta1);
        TVector beta2 = TLanes.Create(step.Beta2);
        TVector rest1 = TLanes.Create(step.Rest1);
        TVector rest2 = TLanes.Create(step.Rest2);
        TVector size = TLanes.Create(step.StepSize);
        TVector unroot = TLanes.Create(1 / step.Root);
        TVector epsilon = TLanes.Create(step.Epsilon);
        TVector factors = TLanes.Create(factor);
        for (; column <= width - TLanes.Count; column += TLanes.Count)
        {
            TVector g = TLanes.Multiply(TLanes.Load(gradient + column), factors);
            TVector means = TLanes.MultiplyAdd(TLanes.Load(first + column), beta1, TLanes.Multiply(g, rest1));
            TVector squares = TLanes.MultiplyAdd(TLanes.Load(second + column), beta2, TLanes.Multiply(TLanes.Multiply(g, g), rest2));
            TLanes.Store(means, first + column);
            TLanes.Store(squares, second + column);
            TVector scale = TLanes.MultiplyAdd(TLanes.Sqrt(squares), unroot, epsilon);
            TVector change = TLanes.Divide(TLanes.Multiply(means, size), scale);
            TLanes.Store(TLanes.Subtract(TLanes.Load(weights + column), change), weights + column);
        }

        return column;
    }
}
