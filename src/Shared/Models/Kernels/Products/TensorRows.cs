using Workbench.Numerics;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels.Products;

/// <summary>Rows that lie in memory.</summary>
/// <param name="rows">[rows, width], contiguous.</param>
internal sealed unsafe class TensorRows(Tensor rows) : ProductRows
{
    private readonly int _count = (int)rows.shape[0];
    private readonly long _rowBytes = rows.shape[1] * rows.ElementSize;
    private byte* _first;

    public override Tensor Whole()
    {
        return rows;
    }

    public override void* Block(int first, int count, void* scratch)
    {
        byte* start = First() + (first * _rowBytes);
        if (first + count <= _count)
        {
            return start;
        }

        long held = (_count - first) * _rowBytes;
        Buffer.MemoryCopy(start, scratch, held, held);
        new Span<byte>((byte*)scratch + held, (int)((count * _rowBytes) - held)).Clear();
        return scratch;
    }

    private byte* First()
    {
        if (_first is null)
        {
            _first = rows.ElementSize == sizeof(float) ? (byte*)TensorMemory.Pointer<float>(rows) : (byte*)TensorMemory.Pointer<ushort>(rows);
        }

        return _first;
    }
}
