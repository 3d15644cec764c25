using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Workbench.Models.Kernels.Products;
using Workbench.Numerics;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>Adds a product to the residual stream.</summary>
internal sealed unsafe class SumTarget : ProductTarget
{
    private readonly ResidualStream _stream;
    private readonly PassBuffers _buffers;
    private readonly float* _values;

    public SumTarget(ResidualStream stream, PassBuffers buffers)
    {
        _stream = stream;
        _buffers = buffers;
        _values = buffers.Tiled ? TensorMemory.Pointer<float>(stream.Values) : null;
    }

    public override Tensor Whole()
    {
        return _buffers.Get("added", _stream.Width);
    }

    public override void Finish()
    {
        _stream.Hold(Whole());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Take(ProductTile tile)
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            float* x = tile.At(row);
            float* y = _values + ((long)(tile.Row + row) * _stream.Width) + tile.Column;
            int i = 0;
            for (; i <= tile.Columns - 8; i += 8)
            {
                (Vector256.Load(y + i) + Vector256.Load(x + i)).Store(y + i);
            }

            for (; i < tile.Columns; i++)
            {
                y[i] += x[i];
            }
        }
    }
}
