using TorchSharp;
using Workbench.Models;
using Workbench.Models.Kernels.Products;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Harvest.Benchmarking;

/// <summary>
/// The matrix products of a model's first blocks and nothing else: operands of the same shapes and number type, a matrix of its own
/// for each block, results into reused memory.
/// </summary>
/// <remarks>
/// Counted are the products with weights alone, as peers count theirs. Those of attention, queries with keys and weights with values,
/// are work that the pass does besides, so that a share of one is out of reach. The products run as libtorch's, and where
/// the machine has them as the tiles that models multiply with, packed beforehand; whoever compares should take the faster.
/// </remarks>
internal sealed class BlockProducts : IDisposable
{
    private readonly List<(Tensor Weight, PackedProduct? Packed, Tensor Input, Tensor Output)> _products = [];

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
                Tensor weight = Numbers(shapes[i].Outputs, shapes[i].Inputs);
                PackedProduct? packed = PackedProduct.Serves(weight) ? new PackedProduct(weight) : null;
                _products.Add((weight, packed, shared[i].Input, shared[i].Output));
                Operations += 2 * shapes[i].Outputs * shapes[i].Inputs * rows;
            }
        }

        Tensor Numbers(long height, long width)
        {
            using Tensor normal = randn(height, width, device: device);
            return (normal * 0.02).to(type).DetachFromDisposeScope();
        }
    }

    /// <summary>Multiplications and additions of one run.</summary>
    public long Operations { get; }

    /// <summary>Whether the machine has products by tiles.</summary>
    public bool HasTiles => _products[0].Packed is not null;

    /// <summary>Multiplies with libtorch.</summary>
    public void Run()
    {
        foreach ((Tensor weight, _, Tensor input, Tensor output) in _products)
        {
            using Tensor transposed = weight.t();
            _ = output.addmm_(input, transposed, beta: 0, alpha: 1);
        }
    }

    /// <summary>Multiplies by tiles, where the machine has them.</summary>
    public void RunTiles()
    {
        foreach ((_, PackedProduct? packed, Tensor input, Tensor output) in _products)
        {
            packed?.Apply(input, output);
        }
    }

    public void Dispose()
    {
        foreach ((Tensor weight, PackedProduct? packed, Tensor input, Tensor output) in _products)
        {
            weight.Dispose();
            packed?.Dispose();
            input.Dispose();
            output.Dispose();
        }
    }
}
