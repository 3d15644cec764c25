using Workbench.Models.Kernels.Products;
using Workbench.Numerics;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>The residual stream through a norm, computed where a product reads it.</summary>
internal sealed unsafe class NormedRows : ProductRows
{
    private readonly ResidualStream _stream;
    private readonly Norm _norm;
    private readonly PassBuffers _buffers;
    private readonly float* _values;

    public NormedRows(ResidualStream stream, Norm norm, PassBuffers buffers)
    {
        _stream = stream;
        _norm = norm;
        _buffers = buffers;
        _values = buffers.Tiled ? TensorMemory.Pointer<float>(stream.Values) : null;
    }

    public override Tensor Whole()
    {
        Tensor target = _buffers.Get("normed", _stream.Width);
        _stream.Normalise(_norm, target);
        return target;
    }

    public override void* Block(int first, int count, void* scratch)
    {
        _norm.Apply(_values + ((long)first * _stream.Width), scratch, Math.Min(count, _buffers.Rows - first), _buffers.Type);
        return scratch;
    }
}
