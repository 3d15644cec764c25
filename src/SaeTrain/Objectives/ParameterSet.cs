using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Objectives;

/// <summary>The weights in training: named float32 leaves in a fixed order. What belongs to a latent is one contiguous row.</summary>
internal sealed class ParameterSet : IDisposable
{
    private readonly Dictionary<string, Tensor> _byName = new(StringComparer.Ordinal);

    /// <summary>Takes copies of the given tensors.</summary>
    /// <param name="parameters">Tensors by the names of <see cref="ParameterNames"/>; encoder and decoder must be among them.</param>
    /// <param name="device">Where training takes place.</param>
    public ParameterSet(IEnumerable<(string Name, Tensor Value)> parameters, Device device)
    {
        All = [.. parameters.Select(parameter => (parameter.Name, Leaf(parameter.Value, device)))];
        foreach ((string name, Tensor value) in All)
        {
            _byName.Add(name, value);
        }
    }

    /// <summary>The weights in their order.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> All { get; }

    /// <summary>[n, d_in].</summary>
    public Tensor Encoder => this[ParameterNames.Encoder];

    /// <summary>[n].</summary>
    public Tensor EncoderBias => this[ParameterNames.EncoderBias];

    /// <summary>[n, d_out].</summary>
    public Tensor Decoder => this[ParameterNames.Decoder];

    /// <summary>[d_out].</summary>
    public Tensor DecoderBias => this[ParameterNames.DecoderBias];

    public int Latents => (int)Encoder.shape[0];

    public int InputWidth => (int)Encoder.shape[1];

    public int OutputWidth => (int)Decoder.shape[1];

    public Device Device => Encoder.device;

    /// <summary>A weight by its name.</summary>
    public Tensor this[string name] => _byName[name];

    /// <summary>Whether the architecture has a weight of this name.</summary>
    public bool Has(string name)
    {
        return _byName.ContainsKey(name);
    }

    public void ClearGradients()
    {
        foreach ((_, Tensor value) in All)
        {
            value.grad?.Dispose();
            value.grad = null;
        }
    }

    public void Dispose()
    {
        foreach ((_, Tensor value) in All)
        {
            value.grad?.Dispose();
            value.Dispose();
        }
    }

    private static Tensor Leaf(Tensor tensor, Device device)
    {
        using Tensor moved = tensor.detach().to(ScalarType.Float32, device).contiguous();
        return moved.clone().requires_grad_(true).DetachFromDisposeScope();
    }
}
