using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Fused.Kernels;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Fused.Encoding;

/// <summary>
/// The product of centred rows with the encoder, in blocks of rows that stay in the processor's cache until they are scanned. In
/// bfloat16, a rounded copy of the encoder is kept that follows every update.
/// </summary>
internal sealed unsafe class ProductBlocks : IRowProduct, IDisposable
{
    private const long BlockBytes = 16 << 20;
    private const int LeastRows = 256;

    private readonly FusedKernels _kernels;
    private readonly int _width;
    private readonly int _latents;
    private readonly Tensor _encoder;
    private readonly Tensor? _rounded;
    private readonly int _blockRows;
    private readonly Tensor _block;
    private Tensor? _centred;
    private Tensor? _roundedRows;

    /// <param name="kernels">Kernels.</param>
    /// <param name="encoder">[n, d], which outlives this object.</param>
    /// <param name="type">Number type of the product.</param>
    public ProductBlocks(FusedKernels kernels, Tensor encoder, ScalarType type)
    {
        (_kernels, _latents, _width) = (kernels, (int)encoder.shape[0], (int)encoder.shape[1]);
        _encoder = encoder.detach().DetachFromDisposeScope();
        long rowBytes = _latents * (long)type.ElementSize();
        _blockRows = (int)Math.Max(LeastRows, BlockBytes / rowBytes / Partition.Rows * Partition.Rows);
        _block = empty(_blockRows, _latents, type).DetachFromDisposeScope();
        if (type == ScalarType.BFloat16)
        {
            _rounded = empty(_latents, _width, type).DetachFromDisposeScope();
            Rounded = TensorMemory.BFloat16Pointer(_rounded);
            LargePages.Gather(Rounded, (nuint)_rounded.numel() * sizeof(ushort));
        }
    }

    public long RowBytes => (long)_latents * (IsRounded ? sizeof(ushort) : sizeof(float));

    /// <summary>Whether the product is in bfloat16.</summary>
    public bool IsRounded => _rounded is not null;

    /// <summary>The encoder in bfloat16 [n, d], to be kept up to date by whoever changes the encoder; null in float32.</summary>
    public ushort* Rounded { get; }

    /// <summary>The centred rows of the batch [rows, d].</summary>
    public Tensor Centred => _centred!;

    /// <summary>The same as they go into the product, in its number type.</summary>
    public void* Rows => _roundedRows is null ? TensorMemory.FloatPointer(_centred!) : TensorMemory.BFloat16Pointer(_roundedRows);

    /// <summary>Rounds the whole encoder again.</summary>
    public void Refresh()
    {
        if (_rounded is not null)
        {
            _ = _rounded.copy_(_encoder);
        }
    }

    /// <summary>Takes the rows of a batch, minus the decoder bias.</summary>
    public void Centre(float* rows, int count, float* bias)
    {
        Require(count);
        float* centred = TensorMemory.FloatPointer(_centred!);
        ushort* rounded = _roundedRows is null ? null : TensorMemory.BFloat16Pointer(_roundedRows);
        Partition.ForEach(count, Partition.Rows, (_, first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                long offset = (long)row * _width;
                _kernels.Subtract(rows + offset, bias, centred + offset, _width);
                if (rounded is not null)
                {
                    _kernels.Round(centred + offset, rounded + offset, _width);
                }
            }
        });
    }

    public void* Block(int first, out int count)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor rows = _roundedRows ?? _centred!;
        count = (int)Math.Min(_blockRows, rows.shape[0] - first);
        Tensor target = _block.narrow(0, 0, count);
        _ = target.addmm_(rows.narrow(0, first, count), (_rounded ?? _encoder).t(), 0, 1);
        return IsRounded ? TensorMemory.BFloat16Pointer(_block) : TensorMemory.FloatPointer(_block);
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _rounded?.Dispose();
        _block.Dispose();
        _centred?.Dispose();
        _roundedRows?.Dispose();
    }

    private void Require(int rows)
    {
        if (_centred is not null && _centred.shape[0] == rows)
        {
            return;
        }

        _centred?.Dispose();
        _roundedRows?.Dispose();
        _centred = empty(rows, _width).DetachFromDisposeScope();
        _roundedRows = _rounded is null ? null : empty(rows, _width, ScalarType.BFloat16).DetachFromDisposeScope();
        LargePages.Gather(TensorMemory.FloatPointer(_centred), (nuint)_centred.numel() * sizeof(float));
        if (_roundedRows is not null)
        {
            LargePages.Gather(TensorMemory.BFloat16Pointer(_roundedRows), (nuint)_roundedRows.numel() * sizeof(ushort));
        }
    }
}
