using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>The weights in training: float32 leaves, one row a latent, so that a latent's weights and gradients are contiguous.</summary>
internal sealed class DictionaryParameters : IDisposable
{
    /// <summary>Takes copies of the given tensors.</summary>
    /// <param name="encoder">[n, d].</param>
    /// <param name="encoderBias">[n].</param>
    /// <param name="decoder">[n, d].</param>
    /// <param name="decoderBias">[d].</param>
    /// <param name="device">Where training takes place.</param>
    public DictionaryParameters(Tensor encoder, Tensor encoderBias, Tensor decoder, Tensor decoderBias, Device device)
    {
        Encoder = Leaf(encoder, device);
        EncoderBias = Leaf(encoderBias, device);
        Decoder = Leaf(decoder, device);
        DecoderBias = Leaf(decoderBias, device);
        All = [("encoder", Encoder), ("encoder_bias", EncoderBias), ("decoder", Decoder), ("decoder_bias", DecoderBias)];
    }

    public Tensor Encoder { get; }

    public Tensor EncoderBias { get; }

    public Tensor Decoder { get; }

    public Tensor DecoderBias { get; }

    public IReadOnlyList<(string Name, Tensor Tensor)> All { get; }

    public int Latents => (int)Encoder.shape[0];

    public int Width => (int)Encoder.shape[1];

    public Device Device => Encoder.device;

    public void ClearGradients()
    {
        foreach ((_, Tensor tensor) in All)
        {
            tensor.grad?.Dispose();
            tensor.grad = null;
        }
    }

    public void Dispose()
    {
        foreach ((_, Tensor tensor) in All)
        {
            tensor.grad?.Dispose();
            tensor.Dispose();
        }
    }

    private static Tensor Leaf(Tensor tensor, Device device)
    {
        using Tensor moved = tensor.detach().to(ScalarType.Float32, device).contiguous();
        return moved.clone().requires_grad_(true).DetachFromDisposeScope();
    }
}
