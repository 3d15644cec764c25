using TorchSharp;
using Workbench.Models.Kernels.Products;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels;

/// <summary>
/// Causal attention of whole sequences over themselves. Keys and values of a group of query heads are packed once, and everything
/// from there to the result stays in the second-level cache; what lies in the future is not computed.
/// </summary>
internal static unsafe class AttentionKernel
{
    private const int LongestSequence = 4096;

    /// <summary>Whether the kernel serves these operands on this processor; libtorch's does otherwise.</summary>
    public static bool Serves(Tensor projected, int length, int headDim)
    {
        return projected.device_type == DeviceType.CPU && TileProduct.Serves(projected.dtype) && length <= LongestSequence && headDim % 8 == 0;
    }

    /// <summary>Attends.</summary>
    /// <param name="projected">[batch * length, (heads + 2 groups) * head_dim]: rotated queries, rotated keys, values; float32 or bfloat16.</param>
    /// <param name="target">[batch * length, heads * head_dim] of the same type.</param>
    /// <param name="shape">Sizes.</param>
    public static void Apply(Tensor projected, Tensor target, AttentionShape shape)
    {
        if (projected.dtype == ScalarType.BFloat16)
        {
            Run<ushort, BFloat16Element>(projected, target, shape);
        }
        else
        {
            Run<float, FloatElement>(projected, target, shape);
        }
    }

    private static void Run<T, TElement>(Tensor projected, Tensor target, AttentionShape shape)
        where T : unmanaged
        where TElement : IElement<T>
    {
        T* x = TensorMemory.Pointer<T>(projected);
        T* y = TensorMemory.Pointer<T>(target);
        TorchThreads.For(shape.Batch * shape.Groups, task =>
        {
            var group = new AttentionGroup<T, TElement>(x, y, shape, task / shape.Groups, task % shape.Groups);
            group.Run();
            TileProduct.Release();
        });
    }
}
