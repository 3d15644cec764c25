using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Benchmarking;

/// <summary>The encoder's bare matrix product [rows, width] [width, latents], blocks of rows into one reused buffer.</summary>
internal sealed class EncoderProduct : IDisposable
{
    private const long BlockElements = 1 << 24;

    private readonly Tensor _rows;
    private readonly Tensor _weight;
    private readonly Tensor _output;

    /// <param name="encoder">W_enc [width, latents].</param>
    /// <param name="type">Number type of both operands and of the result.</param>
    public EncoderProduct(Tensor encoder, ScalarType type)
    {
        using var noGradient = no_grad();
        int block = (int)Math.Clamp(BlockElements / encoder.shape[1], 256, 4096);
        using Tensor normal = randn(block, encoder.shape[0], device: encoder.device);
        _rows = normal.to(type).DetachFromDisposeScope();
        _weight = encoder.to(type, copy: true).DetachFromDisposeScope();
        _output = empty(block, encoder.shape[1], type, encoder.device).DetachFromDisposeScope();
    }

    /// <summary>Rows of one product.</summary>
    public int Block => (int)_rows.shape[0];

    /// <summary>Multiplications and additions of one row.</summary>
    public long OperationsPerRow => 2 * _weight.numel();

    /// <summary>Multiplies as many rows as there are tokens.</summary>
    public void Run(long tokens)
    {
        using var noGradient = no_grad();
        for (long done = 0; done < tokens; done += Block)
        {
            long count = Math.Min(Block, tokens - done);
            using Tensor rows = _rows.narrow(0, 0, count);
            using Tensor output = _output.narrow(0, 0, count);
            _ = output.addmm_(rows, _weight, beta: 0, alpha: 1);
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        _weight.Dispose();
        _output.Dispose();
    }
}
