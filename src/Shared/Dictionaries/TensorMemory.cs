using System.Runtime.InteropServices;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Dictionaries;

/// <summary>Memory of contiguous CPU tensors for kernels. The tensor must outlive every use of what these return.</summary>
public static class TensorMemory
{
    /// <summary>The float32 elements of a contiguous CPU tensor.</summary>
    public static Span<float> Floats(Tensor tensor)
    {
        return Cast<float>(tensor, torch.ScalarType.Float32);
    }

    /// <summary>Address of the first float32 element of a contiguous CPU tensor, which does not move.</summary>
    public static unsafe float* FloatPointer(Tensor tensor)
    {
        fixed (float* first = Floats(tensor))
        {
            return first;
        }
    }

    /// <summary>Address of the first int64 element of a contiguous CPU tensor, which does not move.</summary>
    public static unsafe long* LongPointer(Tensor tensor)
    {
        fixed (long* first = Cast<long>(tensor, torch.ScalarType.Int64))
        {
            return first;
        }
    }

    /// <summary>Address of the bits of the first bfloat16 element of a contiguous CPU tensor, which does not move.</summary>
    public static unsafe ushort* BFloat16Pointer(Tensor tensor)
    {
        fixed (ushort* first = Cast<ushort>(tensor, torch.ScalarType.BFloat16))
        {
            return first;
        }
    }

    private static Span<T> Cast<T>(Tensor tensor, torch.ScalarType type)
        where T : struct
    {
        if (tensor.dtype != type || tensor.device_type != DeviceType.CPU || !tensor.is_contiguous())
        {
            throw new ArgumentException($"A contiguous CPU tensor of {type} was expected, found {tensor.dtype} on {tensor.device_type}.");
        }

        return MemoryMarshal.Cast<byte, T>(tensor.bytes);
    }
}
