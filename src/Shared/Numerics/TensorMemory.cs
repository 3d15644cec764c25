using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Numerics;

/// <summary>Raw access to tensors for kernels.</summary>
internal static unsafe partial class TensorMemory
{
    /// <summary>First element of a contiguous tensor on the CPU, of any size; the caller keeps the tensor alive.</summary>
    public static T* Pointer<T>(Tensor tensor)
        where T : unmanaged
    {
        if (tensor.device_type != DeviceType.CPU || !tensor.is_contiguous() || tensor.dtype.ElementSize() != sizeof(T))
        {
            throw new ArgumentException($"A kernel needs contiguous CPU memory of {sizeof(T)}-byte elements; found {tensor.dtype} on {tensor.device}.", nameof(tensor));
        }

        return (T*)Data(tensor.Handle);
    }

    /// <summary>First byte of a contiguous tensor on the CPU; the caller keeps the tensor alive.</summary>
    public static void* Pointer(Tensor tensor)
    {
        return tensor.device_type == DeviceType.CPU && tensor.is_contiguous()
            ? (void*)Data(tensor.Handle)
            : throw new ArgumentException($"A kernel needs contiguous CPU memory; found {tensor.dtype} on {tensor.device}.", nameof(tensor));
    }

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint Data(nint tensor);
}
