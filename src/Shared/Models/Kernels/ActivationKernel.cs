using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels;

/// <summary>An MLP's activation, alone or times a second operand, in float32 whatever the operands' type.</summary>
internal static unsafe class ActivationKernel
{
    private const int Lanes = 8;

    /// <summary>Multiplies the activation of the first half of each row by the second half.</summary>
    /// <param name="activation">The function.</param>
    /// <param name="gateUp">[rows, 2 width]: gate, then up; float32 or bfloat16.</param>
    /// <param name="target">[rows, width] of the same type.</param>
    public static void Gated(Activation activation, Tensor gateUp, Tensor target)
    {
        if (gateUp.device_type != DeviceType.CPU)
        {
            Reference(activation, gateUp, target);
        }
        else if (gateUp.dtype == ScalarType.BFloat16)
        {
            Run<ushort, BFloat16Element>(activation, gateUp, target);
        }
        else
        {
            Run<float, FloatElement>(activation, gateUp, target);
        }
    }

    /// <summary>Replaces each number by its activation.</summary>
    /// <param name="activation">The function.</param>
    /// <param name="values">[rows, width], float32 or bfloat16.</param>
    public static void InPlace(Activation activation, Tensor values)
    {
        if (values.device_type != DeviceType.CPU)
        {
            using var scope = NewDisposeScope();
            values.copy_(Of(activation, values.to(ScalarType.Float32)));
        }
        else if (values.dtype == ScalarType.BFloat16)
        {
            Run<ushort, BFloat16Element>(activation, values, values);
        }
        else
        {
            Run<float, FloatElement>(activation, values, values);
        }
    }

    /// <summary>The gated form in libtorch's operations, for other devices.</summary>
    internal static void Reference(Activation activation, Tensor gateUp, Tensor target)
    {
        using var scope = NewDisposeScope();
        Tensor[] halves = (gateUp.dtype == ScalarType.BFloat16 ? gateUp.to(ScalarType.Float32) : gateUp).chunk(2, -1);
        target.copy_(Of(activation, halves[0]) * halves[1]);
    }

    /// <summary>The activation in libtorch's operations.</summary>
    internal static Tensor Of(Activation activation, Tensor x)
    {
        return activation switch
        {
            Activation.Silu => nn.functional.silu(x),
            Activation.TanhGelu => 0.5 * x * (1 + tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x.pow(3))))),
            Activation.ErfGelu => 0.5 * x * (1 + special.erf(x / Math.Sqrt(2))),
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        };
    }

    private static void Run<T, TElement>(Activation activation, Tensor source, Tensor target)
        where T : unmanaged
        where TElement : IElement<T>
    {
        Action<nint, nint, int, int> row = activation switch
        {
            Activation.Silu => Row<T, TElement, Silu>,
            Activation.TanhGelu => Row<T, TElement, TanhGelu>,
            Activation.ErfGelu => Row<T, TElement, ErfGelu>,
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        };
        int width = (int)target.shape[^1];
        int stride = (int)source.shape[^1];
        T* x = TensorMemory.Pointer<T>(source);
        T* y = TensorMemory.Pointer<T>(target);
        Rows.Split((int)(target.numel() / width), Lanes, (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                row((nint)(x + ((long)i * stride)), (nint)(y + ((long)i * width)), width, stride);
            }
        });
    }

    /// <summary>One row; a stride above the width means that a second operand lies behind the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<T, TElement, TActivation>(nint source, nint target, int width, int stride)
        where T : unmanaged
        where TElement : IElement<T>
        where TActivation : IActivation
    {
        T* x = (T*)source;
        T* y = (T*)target;
        T* factor = stride > width ? x + width : null;
        int i = 0;
        for (; i <= width - Lanes; i += Lanes)
        {
            Vector256<float> value = TActivation.Of(TElement.Load(x + i));
            TElement.Store(y + i, factor is null ? value : value * TElement.Load(factor + i));
        }

        for (; i < width; i++)
        {
            float value = TActivation.Of(Vector256.Create(TElement.Read(x[i])))[0];
            y[i] = TElement.Round(factor is null ? value : value * TElement.Read(factor[i]));
        }
    }
}
