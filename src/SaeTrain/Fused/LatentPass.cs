using Workbench.SaeTrain.Fused.Gradients;
using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused;

/// <summary>
/// Goes over the latents: sums the gradient of each one's rows in a buffer that stays in the nearest cache, and uses it at once, so
/// that no matrix of gradients exists.
/// </summary>
internal sealed unsafe class LatentPass : IDisposable
{
    private readonly FusedKernels _kernels;
    private readonly LatentGradients _gradients;
    private readonly int _latents;
    private readonly int _width;
    private readonly int _parts;
    private readonly NativeBuffer<float> _rows;
    private readonly NativeBuffer<float> _pulls;
    private readonly double[] _squares;

    public LatentPass(FusedKernels kernels, LatentGradients gradients, int latents, int width)
    {
        (_kernels, _gradients, _latents, _width) = (kernels, gradients, latents, width);
        _parts = Partition.Count(latents, Partition.Latents);
        _rows = new NativeBuffer<float>(2L * _parts * width);
        _pulls = new NativeBuffer<float>((long)_parts * width);
        _squares = new double[_parts];
    }

    /// <summary>Sum of the squares of all latents' gradients.</summary>
    public double Squares => _squares.Sum();

    /// <summary>Adds the encoder's part of the decoder bias' gradient, <c>-sum_j bias gradient * encoder row</c>.</summary>
    public void AddInputGradient(double[] gradient)
    {
        for (int part = 0; part < _parts; part++)
        {
            float* pulls = _pulls.Pointer + ((long)part * _width);
            for (int column = 0; column < _width; column++)
            {
                gradient[column] -= pulls[column];
            }
        }
    }

    /// <summary>Finds the norm of the gradients without a change of weights.</summary>
    public void Measure(FusedWeights weights)
    {
        Partition.ForEach(_latents, Partition.Latents, (part, first, end) =>
        {
            LatentRows rows = Begin(part);
            for (int latent = first; latent < end; latent++)
            {
                _gradients.Sum(latent, weights, rows);
                _gradients.Expect(latent + 1, weights);
                Measure(part, latent, weights, rows);
            }
        });
    }

    /// <summary>Updates all latents by their gradients times a factor.</summary>
    public void Update(FusedWeights weights, LatentUpdate update, float factor)
    {
        Partition.ForEach(_latents, Partition.Latents, (part, first, end) =>
        {
            LatentRows rows = Rows(part);
            for (int latent = first; latent < end; latent++)
            {
                _gradients.Sum(latent, weights, rows);
                _gradients.Expect(latent + 1, weights);
                update.Apply(latent, weights, rows, factor);
            }
        });
    }

    /// <summary>Both in one, where nothing has to be known of all gradients before.</summary>
    public void MeasureAndUpdate(FusedWeights weights, LatentUpdate update)
    {
        Partition.ForEach(_latents, Partition.Latents, (part, first, end) =>
        {
            LatentRows rows = Begin(part);
            for (int latent = first; latent < end; latent++)
            {
                _gradients.Sum(latent, weights, rows);
                _gradients.Expect(latent + 1, weights);
                Measure(part, latent, weights, rows);
                update.Apply(latent, weights, rows, 1);
            }
        });
    }

    public void Dispose()
    {
        _rows.Dispose();
        _pulls.Dispose();
    }

    private LatentRows Rows(int part)
    {
        float* rows = _rows.Pointer + (2L * part * _width);
        return new LatentRows { Encoder = rows, Decoder = rows + _width };
    }

    private LatentRows Begin(int part)
    {
        new Span<float>(_pulls.Pointer + ((long)part * _width), _width).Clear();
        _squares[part] = 0;
        return Rows(part);
    }

    private void Measure(int part, int latent, in FusedWeights weights, in LatentRows rows)
    {
        float bias = _gradients.Bias[latent];
        float threshold = _gradients.Threshold[latent];
        _squares[part] += _kernels.Dot(rows.Encoder, rows.Encoder, _width)
            + _kernels.Dot(rows.Decoder, rows.Decoder, _width)
            + ((double)bias * bias)
            + ((double)threshold * threshold);
        if (bias != 0)
        {
            _kernels.AddScaled(weights.Encoder.Weights + ((long)latent * _width), bias, _pulls.Pointer + ((long)part * _width), _width);
        }
    }
}
