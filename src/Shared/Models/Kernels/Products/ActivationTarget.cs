using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels.Products;

/// <summary>Writes a product's activation, alone or times the product's second half.</summary>
/// <param name="activation">The function.</param>
/// <param name="whole">Memory for a product as a whole, where it is computed so.</param>
/// <param name="hidden">[rows, width], float32 or bfloat16; half as wide as the product where that is paired.</param>
/// <param name="paired">Whether the product is the function's operand, then a factor of the result.</param>
internal sealed unsafe class ActivationTarget(Activation activation, Func<Tensor> whole, Tensor hidden, bool paired) : ProductTarget
{
    private readonly long _width = hidden.shape[1];
    private readonly float* _wide = hidden.device_type == DeviceType.CPU && hidden.dtype == ScalarType.Float32 ? TensorMemory.Pointer<float>(hidden) : null;
    private readonly ushort* _narrow = hidden.device_type == DeviceType.CPU && hidden.dtype == ScalarType.BFloat16 ? TensorMemory.Pointer<ushort>(hidden) : null;

    public override bool Paired => paired;

    public override Tensor Whole()
    {
        return whole();
    }

    public override void Finish()
    {
        if (paired)
        {
            ActivationKernel.Gated(activation, Whole(), hidden);
        }
        else
        {
            ActivationKernel.InPlace(activation, hidden);
        }
    }

    public override void Take(ProductTile tile)
    {
        switch (activation)
        {
            case Activation.Silu:
                Take<Silu>(tile);
                break;
            case Activation.TanhGelu:
                Take<TanhGelu>(tile);
                break;
            case Activation.ErfGelu:
                Take<ErfGelu>(tile);
                break;
            default:
                throw new InvalidOperationException($"There is no kernel of {activation}.");
        }
    }

    private void Take<TActivation>(ProductTile tile)
        where TActivation : IActivation
    {
        long start = (tile.Row * _width) + tile.Column;
        if (_wide is null)
        {
            Store<ushort, BFloat16Element, TActivation>(tile, _narrow + start);
        }
        else
        {
            Store<float, FloatElement, TActivation>(tile, _wide + start);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store<T, TElement, TActivation>(ProductTile tile, T* target)
        where T : unmanaged
        where TElement : IElement<T>
        where TActivation : IActivation
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            float* x = tile.At(row);
            float* factor = paired ? x + (TileProduct.Columns / 2) : null;
            T* y = target + (row * _width);

            // The tile is padded to whole vectors, so that the last one may be computed as a whole too.
            for (int i = 0; i < tile.Columns; i += 8)
            {
                Vector256<float> value = TActivation.Of(Vector256.Load(x + i));
                value = factor is null ? value : value * Vector256.Load(factor + i);
                if (i + 8 <= tile.Columns)
                {
                    TElement.Store(y + i, value);
                    continue;
                }

                for (int j = i; j < tile.Columns; j++)
                {
                    y[j] = TElement.Round(value[j - i]);
                }
            }
        }
    }
}
