using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Fused.Activations;
using Workbench.SaeTrain.Fused.Encoding;
using Workbench.SaeTrain.Fused.Kernels;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Fused;

/// <summary>Decodes the rows of a batch, and finds their errors and the gradients of their latents while the decoder's rows are near.</summary>
/// <param name="kernels">Kernels.</param>
/// <param name="width">Features of a row.</param>
/// <param name="rounds">Whether a copy of the gradients in bfloat16 is made.</param>
internal sealed unsafe class DecodePass(FusedKernels kernels, int width, bool rounds) : IDisposable
{
    private const int MostExpected = 64;

    private int[] _prefixes = [];
    private float[] _factors = [];
    private readonly NativeBuffer<float> _sums = new();
    private readonly NativeBuffer<double> _squares = new();
    private readonly NativeBuffer<double> _spreads = new();
    private readonly NativeBuffer<ushort> _rounded = new();
    private Tensor? _gradients;
    private float* _planes;

    /// <summary>Sum of the squared errors of each nested reconstruction.</summary>
    public double[] Squares { get; private set; } = [];

    /// <summary>Sum of squared distances of the rows to the data set's mean.</summary>
    public double Spread { get; private set; }

    /// <summary>Sum over rows of the first plane of gradients [width]: the decoder bias' part.</summary>
    public double[] BiasGradient { get; } = new double[width];

    /// <summary>Entries that were on.</summary>
    public long Active { get; private set; }

    /// <summary>Planes of gradients [planes, rows, width].</summary>
    public Tensor Gradients => _gradients!;

    /// <summary>Factor between a plane's error and its gradient.</summary>
    public float Factor(int plane)
    {
        return _factors[plane];
    }

    /// <summary><c>x - x_hat</c> of a nested reconstruction for some rows [rows, width], up to rounding: gradients hold it times a factor.</summary>
    public Tensor Residual(int plane, long first, long rows)
    {
        Tensor own = _gradients![plane].narrow(0, first, rows);
        return plane == _factors.Length - 1
            ? own * (-1 / _factors[plane])
            : (own - _gradients[plane + 1].narrow(0, first, rows)) * (-1 / _factors[plane]);
    }

    /// <summary>The planes of gradients, in bfloat16 where they are rounded.</summary>
    public void* Errors => rounds ? _rounded.Pointer : _planes;

    /// <summary>The plane of gradients that a latent's decoder row takes part in.</summary>
    public int PlaneOf(int latent)
    {
        int plane = 0;
        while (latent >= _prefixes[plane])
        {
            plane++;
        }

        return plane;
    }

    /// <summary>Goes over the rows.</summary>
    /// <param name="plan">The error that is minimised.</param>
    /// <param name="entries">Chosen entries; values and pulls are set.</param>
    /// <param name="activation">Rule between pre-activations and latents.</param>
    /// <param name="weights">Decoder and its bias.</param>
    /// <param name="targets">The rows to reconstruct [rows, width].</param>
    /// <param name="mean">The data set's mean [width], or null.</param>
    public void Run(ReconstructionPlan plan, RowEntries entries, LatentActivation activation, in FusedWeights weights, float* targets, float* mean)
    {
        _prefixes = [.. plan.Prefixes];
        _factors = new float[_prefixes.Length];
        Squares = new double[_prefixes.Length];
        Require(entries.Rows);
        int parts = Partition.Count(entries.Rows, Partition.Rows);
        for (int plane = 0; plane < _factors.Length; plane++)
        {
            _factors[plane] = (float)(2 * plan.Scale * plan.Weights[plane] / entries.Rows);
        }

        (FusedWeights w, long[] active) = (weights, new long[parts]);
        Partition.ForEach(entries.Rows, Partition.Rows, (part, first, end) =>
            active[part] = Part(entries, activation, w, targets, mean, part, first, end));
        Reduce(parts, active);
    }

    public void Dispose()
    {
        _sums.Dispose();
        _squares.Dispose();
        _spreads.Dispose();
        _rounded.Dispose();
        _gradients?.Dispose();
    }

    private long Part(RowEntries entries, LatentActivation activation, in FusedWeights weights, float* targets, float* mean, int part, int first, int end)
    {
        long active = 0;
        int* ends = stackalloc int[_prefixes.Length];
        float* sums = _sums.Pointer + ((long)part * width);
        new Span<float>(sums, width).Clear();
        double* squares = _squares.Pointer + ((long)part * _prefixes.Length);
        new Span<double>(squares, _prefixes.Length).Clear();
        _spreads.Pointer[part] = 0;
        fixed (float* factors = _factors)
        {
            for (int index = first; index < end; index++)
            {
                RowSlice row = entries.Row(index);
                row.Active = activation.Activate(row);
                active += row.Active;
                SetEnds(row, ends);
                long offset = (long)index * width;
                float* gradients = _planes + offset;
                long stride = (long)entries.Rows * width;
                kernels.Decode(new DecodedRow
                {
                    Decoder = weights.Decoder.Weights,
                    Bias = weights.DecoderBias.Weights,
                    Target = targets + offset,
                    Latents = row.Latents,
                    Values = row.Values,
                    Ends = ends,
                    Factors = factors,
                    Gradients = gradients,
                    Stride = stride,
                    Planes = _prefixes.Length,
                    Width = width,
                    Squares = squares,
                });
                Expect(entries, index + 1, weights.Decoder.Weights);
                Pull(row, ends, weights.Decoder.Weights, gradients, stride);
                activation.Differentiate(row);
                Round(offset, stride);
                kernels.AddScaled(gradients, 1, sums, width);
                _spreads.Pointer[part] += mean is null ? 0 : kernels.SquaredDistance(targets + offset, mean, width);
            }
        }

        return active;
    }

    /// <summary>Asks for the decoder rows that the next row will read.</summary>
    private void Expect(RowEntries entries, int index, float* decoder)
    {
        if (index >= entries.Rows)
        {
            return;
        }

        RowSlice next = entries.Row(index);
        for (int entry = 0; entry < Math.Min(next.Count, MostExpected); entry++)
        {
            Prefetch.Row(decoder + ((long)next.Latents[entry] * width), width);
        }
    }

    private void SetEnds(in RowSlice row, int* ends)
    {
        int entry = 0;
        for (int plane = 0; plane < _prefixes.Length - 1; plane++)
        {
            while (entry < row.Active && row.Latents[entry] < _prefixes[plane])
            {
                entry++;
            }

            ends[plane] = entry;
        }

        ends[_prefixes.Length - 1] = row.Active;
    }

    private void Pull(in RowSlice row, int* ends, float* decoder, float* gradients, long stride)
    {
        int entry = 0;
        for (int plane = 0; plane < _prefixes.Length; plane++)
        {
            int end = plane == _prefixes.Length - 1 ? row.Count : ends[plane];
            kernels.Pulls(decoder, width, row.Latents + entry, end - entry, gradients + (plane * stride), row.Pulls + entry);
            entry = end;
        }
    }

    private void Round(long offset, long stride)
    {
        for (int plane = 0; rounds && plane < _prefixes.Length; plane++)
        {
            kernels.Round(_planes + offset + (plane * stride), _rounded.Pointer + offset + (plane * stride), width);
        }
    }

    private void Reduce(int parts, long[] active)
    {
        Active = active.Sum();
        Spread = 0;
        Array.Clear(BiasGradient);
        for (int part = 0; part < parts; part++)
        {
            Spread += _spreads.Pointer[part];
            for (int plane = 0; plane < Squares.Length; plane++)
            {
                Squares[plane] += _squares.Pointer[(part * Squares.Length) + plane];
            }

            float* sums = _sums.Pointer + ((long)part * width);
            for (int column = 0; column < width; column++)
            {
                BiasGradient[column] += sums[column];
            }
        }
    }

    private void Require(int rows)
    {
        int parts = Partition.Count(rows, Partition.Rows);
        _sums.Require((long)parts * width);
        _squares.Require((long)parts * _prefixes.Length);
        _spreads.Require(parts);
        _rounded.Require(rounds ? (long)_prefixes.Length * rows * width : 0);
        if (_gradients is null || _gradients.shape[1] != rows || _gradients.shape[0] != _prefixes.Length)
        {
            _gradients?.Dispose();
            _gradients = empty(_prefixes.Length, rows, width).DetachFromDisposeScope();
            _planes = TensorMemory.FloatPointer(_gradients);
            LargePages.Gather(_planes, (nuint)_gradients.numel() * sizeof(float));
        }
    }
}
