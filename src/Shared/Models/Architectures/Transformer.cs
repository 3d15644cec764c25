using TorchSharp;
using Workbench.Models.Kernels.Products;
using Workbench.Models.Layers;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Architectures;

/// <summary>A decoder put together from an embedding, blocks and an unembedding.</summary>
internal sealed class Transformer : LanguageModel
{
    private readonly TokenEmbedding _embedding;
    private readonly Block[] _blocks;
    private readonly Unembedding _unembedding;
    private readonly ActivationBuffers _buffers;
    private readonly PackedWeights _packed;

    public Transformer(
        ModelConfig config, Device device, ScalarType computeType, TokenEmbedding embedding, Block[] blocks, Unembedding unembedding)
        : base(config, device, computeType)
    {
        _embedding = embedding;
        _blocks = blocks;
        _unembedding = unembedding;
        _buffers = new ActivationBuffers(device);
        _packed = new PackedWeights(_buffers);
    }

    public override Tensor UnembedWeight => _unembedding.Weight;

    private protected override IEnumerable<Tensor> TokenWeights =>
        [.. _blocks.SelectMany(block => block.Weights), .. _unembedding.Norm.Weights, _unembedding.Weight];

    private protected override Norm FinalNorm => _unembedding.Norm;

    private protected override string? Absence(HookKind kind)
    {
        return kind == HookKind.PositionEmbed && _embedding.Positions is null
            ? "positions are not learned vectors of their own"
            : _blocks[0].Absence(kind);
    }

    private protected override Tensor Written(HookPoint point, Tensor directions)
    {
        return _blocks[point.Layer!.Value].Written(point.Kind, directions);
    }

    private protected override Tensor? Run(ForwardPass pass)
    {
        // A few rows are bound by reading the weights: float32 activations cost nothing there, on any CPU.
        bool few = pass.Rows <= Projection.FewRows && Device.type == DeviceType.CPU;
        bool tiled = !few && Device.type == DeviceType.CPU && TileProduct.Serves(ComputeType) && HasEvenDepths();
        using var buffers = new PassBuffers(_buffers, _packed, pass.Rows, few ? ScalarType.Float32 : ComputeType, tiled);
        var stream = new ResidualStream(pass, buffers.Wide("residual", Config.Width));
        if (!_embedding.Run(pass, stream))
        {
            return null;
        }

        for (int layer = 0; layer < _blocks.Length; layer++)
        {
            using var scope = NewDisposeScope();
            if (!_blocks[layer].Run(pass, stream, layer, buffers))
            {
                return null;
            }
        }

        return _unembedding.Run(pass, stream);
    }

    /// <summary>Whether pairs of bfloat16 fill the rows of every weight.</summary>
    private bool HasEvenDepths()
    {
        return Config.Width % 2 == 0 && Config.Heads * Config.HeadDim % 2 == 0 && Config.IntermediateSize % 2 == 0;
    }

    protected override void Dispose(bool disposing)
    {
        foreach (Block block in _blocks)
        {
            block.Dispose();
        }

        _packed.Dispose();
        _buffers.Dispose();
        _embedding.Dispose();
        _unembedding.Dispose();
    }
}
