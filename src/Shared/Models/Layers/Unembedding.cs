using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Layers;

/// <summary>From the residual stream to the logits.</summary>
/// <param name="norm">The final norm.</param>
/// <param name="weight">float32 [vocabulary, width]; disposed with whatever owns it, where the embedding is tied.</param>
internal sealed class Unembedding(Norm norm, Tensor weight) : IDisposable
{
    /// <summary>The final norm.</summary>
    public Norm Norm { get; } = norm;

    /// <summary>float32 [vocabulary, width].</summary>
    public Tensor Weight { get; } = weight.DetachFromDisposeScope();

    /// <summary>Logits x become c tanh(x / c); null for none.</summary>
    public double? SoftCap { get; init; }

    /// <summary>Logits of the wanted positions, float32 [batch, seq or 1, vocabulary], or null where the pass ends before.</summary>
    public Tensor? Run(ForwardPass pass, ResidualStream stream)
    {
        Tensor normed = empty(pass.Rows, stream.Width, ScalarType.Float32, Weight.device);
        if (!stream.Read(Norm, normed, null, new HookPoint(HookKind.FinalNormalized)))
        {
            return null;
        }

        Tensor final = pass.Apply(new HookPoint(HookKind.FinalOut), normed) ?? normed;
        if (pass.Done)
        {
            return null;
        }

        int columns = pass.Length;
        if (pass.Logits == LogitPositions.Last && columns > 1)
        {
            final = final.view(pass.Batch, columns, stream.Width).select(1, columns - 1).contiguous();
            columns = 1;
        }

        Tensor logits = empty(pass.Batch * columns, Weight.shape[0], ScalarType.Float32, Weight.device);
        Projection.Multiply(Weight, final, logits);
        if (SoftCap is double cap)
        {
            logits.div_(cap).tanh_().mul_(cap);
        }

        return logits.view(pass.Batch, columns, Weight.shape[0]);
    }

    public void Dispose()
    {
        Norm.Dispose();
        Weight.Dispose();
    }
}
