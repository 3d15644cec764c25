using TorchSharp;
using Workbench.Numerics;
using Workbench.SaeTrain.Fused.Encoding;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Fused.Screening;

/// <summary>
/// The encoder product in int8, at twice the rate of bfloat16 where the processor has such dot products. It proposes entries; their
/// values are computed in float32.
/// </summary>
internal sealed unsafe class QuantizedProduct : IRowProduct, IDisposable
{
    private const long BlockBytes = 16 << 20;
    private const int LeastRows = 256;

    private readonly int _latents;
    private readonly int _width;
    private readonly Tensor _encoder;
    private readonly Tensor _transposed;
    private readonly NativeBuffer<float> _scales;
    private readonly int _blockRows;
    private readonly Tensor _block;
    private readonly NativeBuffer<QuantizedRow> _blockEntries;
    private readonly NativeBuffer<float> _rowScales = new();
    private Tensor? _rows;
    private float* _inputs;

    public QuantizedProduct(int latents, int width)
    {
        (_latents, _width) = (latents, width);
        _encoder = empty(latents, width, ScalarType.Int8).DetachFromDisposeScope();
        _transposed = _encoder.t().DetachFromDisposeScope();
        _scales = new NativeBuffer<float>(latents);
        _blockRows = (int)Math.Max(LeastRows, BlockBytes / (latents * (long)sizeof(int)) / Partition.Rows * Partition.Rows);
        _block = empty(_blockRows, latents, ScalarType.Int32).DetachFromDisposeScope();
        _blockEntries = new NativeBuffer<QuantizedRow>(_blockRows);
        LargePages.Gather(Pointer<sbyte>(_encoder), (nuint)_encoder.numel());
    }

    public long RowBytes => sizeof(QuantizedRow);

    /// <summary>Takes a latent's encoder row, after it changed.</summary>
    public void Take(int latent, float* row)
    {
        _scales.Pointer[latent] = QuantizeKernel.Run(row, Pointer<sbyte>(_encoder) + ((long)latent * _width), _width);
    }

    /// <summary>Takes the centred rows of a batch [count, width].</summary>
    public void Begin(float* rows, int count)
    {
        if (_rows is null || _rows.shape[0] != count)
        {
            _rows?.Dispose();
            _rows = empty(count, _width, ScalarType.Int8).DetachFromDisposeScope();
            _rowScales.Require(count);
        }

        _inputs = rows;
        sbyte* target = Pointer<sbyte>(_rows);
        Partition.ForEach(count, Partition.Rows, (_, first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                long offset = (long)row * _width;
                _rowScales.Pointer[row] = QuantizeKernel.Run(rows + offset, target + offset, _width);
            }
        });
    }

    public void* Block(int first, out int count)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        count = (int)Math.Min(_blockRows, _rows!.shape[0] - first);
        IntegerProduct.Run(_block.narrow(0, 0, count), _rows.narrow(0, first, count), _transposed);
        int* sums = Pointer<int>(_block);
        for (int row = 0; row < count; row++)
        {
            _blockEntries.Pointer[row] = new QuantizedRow
            {
                Sums = sums + ((long)row * _latents),
                Scales = _scales.Pointer,
                Scale = _rowScales.Pointer[first + row],
                Input = _inputs + ((long)(first + row) * _width),
            };
        }

        return _blockEntries.Pointer;
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _transposed.Dispose();
        _block.Dispose();
        _rows?.Dispose();
        _scales.Dispose();
        _blockEntries.Dispose();
        _rowScales.Dispose();
    }

    private static T* Pointer<T>(Tensor tensor)
        where T : unmanaged
    {
        fixed (byte* first = tensor.bytes)
        {
            return (T*)first;
        }
    }
}
