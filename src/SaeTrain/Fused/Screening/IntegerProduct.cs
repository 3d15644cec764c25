using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Fused.Screening;

/// <summary>libtorch's product of int8 matrices, which has no binding of its own: its C interface takes tensors by handle.</summary>
internal static unsafe class IntegerProduct
{
    private static readonly delegate* unmanaged<nint, nint, nint, int> s_multiply = Find();

    /// <summary>Whether this libtorch has it.</summary>
    public static bool IsAvailable => s_multiply is not null;

    /// <summary>Sets an int32 matrix to the product of two of int8.</summary>
    /// <param name="target">int32 [m, n].</param>
    /// <param name="left">int8 [m, d].</param>
    /// <param name="right">int8 [d, n].</param>
    public static void Run(Tensor target, Tensor left, Tensor right)
    {
        if (s_multiply(target.Handle, left.Handle, right.Handle) != 0)
        {
            throw new InvalidOperationException($"libtorch refused the int8 product of {left.shape[0]} x {left.shape[1]} and {right.shape[0]} x {right.shape[1]}.");
        }
    }

    private static delegate* unmanaged<nint, nint, nint, int> Find()
    {
        _ = get_num_threads();
        string name = OperatingSystem.IsLinux() ? "libtorch_cpu.so" : "torch_cpu";
        return NativeLibrary.TryLoad(name, typeof(IntegerProduct).Assembly, null, out nint library)
            && NativeLibrary.TryGetExport(library, "aoti_torch_cpu__int_mm_out", out nint export)
            ? (delegate* unmanaged<nint, nint, nint, int>)export
            : null;
    }
}
