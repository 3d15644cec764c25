using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives.Selection;

/// <summary>The encoder product of a batch outside the graph, in the number type that is fastest, into one buffer that is reused.</summary>
internal sealed class EncoderProduct(ScalarType matrixType) : IDisposable
{
    private Tensor? _product;

    /// <summary>Number type of the product.</summary>
    public ScalarType MatrixType => matrixType;

    /// <summary>Encoder and bias in the units that latents are chosen in.</summary>
    /// <param name="encoder">[n, d].</param>
    /// <param name="bias">[n].</param>
    /// <param name="scale">Factor of each latent's pre-activation [n], or null.</param>
    public static (Tensor Weights, Tensor Offsets) Scaled(Tensor encoder, Tensor bias, Tensor? scale)
    {
        return scale is null ? (encoder.detach(), bias.detach()) : (encoder.detach() * scale.unsqueeze(1), bias.detach() * scale);
    }

    /// <summary><c>centred · weights^T + offsets</c>, [rows, n], valid until the next product.</summary>
    public Tensor Of(Tensor centred, Tensor weights, Tensor offsets)
    {
        using var scope = NewDisposeScope();
        Tensor product = Buffer(centred.shape[0], weights.shape[0], weights.device);
        product.copy_(offsets);
        return product.addmm_(centred.to(matrixType), weights.to(matrixType).t(), 1, 1);
    }

    public void Dispose()
    {
        _product?.Dispose();
    }

    private Tensor Buffer(long rows, long latents, Device device)
    {
        if (_product is null || _product.shape[0] != rows)
        {
            _product?.Dispose();
            _product = empty(rows, latents, matrixType, device).DetachFromDisposeScope();
        }

        return _product;
    }
}
