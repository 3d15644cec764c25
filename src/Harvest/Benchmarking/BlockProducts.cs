using TorchSharp;
using Workbench.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Harvest.Benchmarking;

/// <summary>
/// The matrix products of a model's first blocks and nothing else: operands of the same shapes and number type, a matrix of its own
/// for each block, results into reused memory.
/// </summary>
internal sealed class BlockProducts : IDisposable
{
    private readonly List<(Tensor Weight, Tensor Input, Tensor Output)> _products = [];

    public BlockProducts(ModelConfig config, int blocks, int rows, ScalarType type, Device device)
    {
        long query = (long)config.Heads * config.HeadDim;
        long projected = query + (2L * config.KeyValueHeads * config.HeadDim);
        (long Outputs, long Inputs)[] shapes =
        [
            (projected, config.Width), (config.Width, query), ((config.GatedMlp ? 2L : 1L) * config.IntermediateSize, config.Width), (config.Width, config.IntermediateSize),
        ];
        (Tensor Input, Tensor Output)[] shared = [.. shapes.Select(shape => (Numbers(rows, shape.Inputs), Numbers(rows, shape.Outputs)))];
        for (int block = 0; block < blocks; block++)
        {
            for (int i = 0; i < shapes.Length; i++)
            {
                _products.Add((Numbers(shapes[i].Outputs, shapes[i].Inputs), shared[i].Input, shared[i].Output));
                Operations += 2 * shapes[i].Outputs * shapes[i].Inputs * rows;
            }
        }

        Tensor Numbers(long height, long width)
        {
            using Tensor normal = randn(height, width, device: device);
            return (normal * 0.02).to(type).DetachFromDisposeScope();
        }
    }

    /// <summary>Multiplications and additions of one <see cref="Run"/>.</summary>
    public long Operations { get; }

    public void Run()
    {
        foreach ((Tensor weight, Tensor input, Tensor output) in _products)
        {
            using Tensor transposed = weight.t();
            _ = output.addmm_(input, transposed, beta: 0, alpha: 1);
        }
    }

    public void Dispose()
    {
        foreach ((Tensor weight, Tensor input, Tensor output) in _products)
        {
            weight.Dispose();
            input.Dispose();
            output.Dispose();
        }
    }
}
