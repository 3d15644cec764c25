using Workbench.SaeTrain.Fused.Kernels;
using Workbench.SaeTrain.Fused.Screening;

namespace Workbench.SaeTrain.Fused.Selection;

/// <summary>Makes selections for the number type of the product and the units of the choice.</summary>
internal static class Selections
{
    public static TopKSelection TopK(FusedContext context, int k, bool scaled)
    {
        if (context.Screen is not null)
        {
            return scaled ? new ScreenedSelection<ScaledScore>(context, k) : new ScreenedSelection<PlainScore>(context, k);
        }

        return (context.Product.IsRounded, scaled) switch
        {
            (false, false) => new TopKSelection<FloatElement, PlainScore>(context.Kernels, k),
            (false, true) => new TopKSelection<FloatElement, ScaledScore>(context.Kernels, k),
            (true, false) => new TopKSelection<BFloat16Element, PlainScore>(context.Kernels, k),
            (true, true) => new TopKSelection<BFloat16Element, ScaledScore>(context.Kernels, k),
        };
    }

    public static BatchTopKSelection BatchTopK(FusedContext context, double k, bool scaled)
    {
        return (context.Product.IsRounded, scaled) switch
        {
            (false, false) => new BatchTopKSelection<FloatElement, PlainScore>(context.Kernels, k),
            (false, true) => new BatchTopKSelection<FloatElement, ScaledScore>(context.Kernels, k),
            (true, false) => new BatchTopKSelection<BFloat16Element, PlainScore>(context.Kernels, k),
            (true, true) => new BatchTopKSelection<BFloat16Element, ScaledScore>(context.Kernels, k),
        };
    }

    public static LatentSelection Window(FusedContext context, ThresholdWindow window, bool mayInvert)
    {
        return context.Product.IsRounded
            ? new WindowSelection<BFloat16Element>(context.Kernels, window, context.Latents, mayInvert)
            : new WindowSelection<FloatElement>(context.Kernels, window, context.Latents, mayInvert);
    }
}
