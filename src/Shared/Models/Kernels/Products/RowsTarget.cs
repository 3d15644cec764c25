using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using Workbench.Numerics;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels.Products;

/// <summary>Writes a product to memory as it is.</summary>
/// <param name="rows">[rows, outputs], float32 or bfloat16.</param>
internal sealed unsafe class RowsTarget(Tensor rows) : ProductTarget
{
    private readonly long _width = rows.shape[1];
    private readonly float* _wide = rows.device_type == DeviceType.CPU && rows.dtype == ScalarType.Float32 ? TensorMemory.Pointer<float>(rows) : null;
    private readonly ushort* _narrow = rows.device_type == DeviceType.CPU && rows.dtype == ScalarType.BFloat16 ? TensorMemory.Pointer<ushort>(rows) : null;

    public override Tensor Whole()
    {
        return rows;
    }

    public override void Finish()
    {
    }

    public override void Take(ProductTile tile)
    {
        if (_wide is null)
        {
            Store<ushort, BFloat16Element>(tile, _narrow + (tile.Row * _width) + tile.Column);
        }
        else
        {
            Store<float, FloatElement>(tile, _wide + (tile.Row * _width) + tile.Column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store<T, TElement>(ProductTile tile, T* target)
        where T : unmanaged
        where TElement : IElement<T>
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            float* x = tile.At(row);
            T* y = target + (row * _width);
            int i = 0;
            for (; i <= tile.Columns - 8; i += 8)
            {
                TElement.Store(y + i, Vector256.Load(x + i));
            }

            for (; i < tile.Columns; i++)
            {
                y[i] = TElement.Round(x[i]);
            }
        }
    }
}
