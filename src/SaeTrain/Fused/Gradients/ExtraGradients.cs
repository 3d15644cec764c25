using TorchSharp;
using Workbench.Dictionaries;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Fused.Gradients;

/// <summary>Gradients of few latents that do not come from chosen entries: those of the dead.</summary>
internal sealed unsafe class ExtraGradients(int latents, int width) : IDisposable
{
    private readonly int[] _places = new int[latents];
    private Tensor? _encoder;
    private Tensor? _decoder;

    /// <summary>The latents.</summary>
    public long[] Latents { get; private set; } = [];

    /// <summary>Gradients of the encoder's rows [count, d].</summary>
    public Tensor Encoder => _encoder!;

    /// <summary>Gradients of the decoder's rows [count, d].</summary>
    public Tensor Decoder => _decoder!;

    /// <summary>Gradients of the biases.</summary>
    public float[] Bias { get; private set; } = [];

    /// <summary>Gradients of the thresholds.</summary>
    public float[] Threshold { get; private set; } = [];

    /// <summary>Gradients of the decoder rows' norms.</summary>
    public float[] Norm { get; private set; } = [];

    /// <summary>Gradient of the decoder bias [d].</summary>
    public double[] DecoderBias { get; } = new double[width];

    public float* EncoderRows { get; private set; }

    public float* DecoderRows { get; private set; }

    /// <summary>Starts a step with the gradients of these latents zero.</summary>
    /// <param name="chosen">int64 [m], ascending; disposed here.</param>
    public void Begin(Tensor chosen)
    {
        using Tensor owned = chosen;
        Begin(owned.data<long>().ToArray());
    }

    /// <summary>Starts a step with the gradients of these latents zero.</summary>
    public void Begin(long[] chosen)
    {
        foreach (long latent in Latents)
        {
            _places[latent] = 0;
        }

        Latents = chosen;
        for (int place = 0; place < chosen.Length; place++)
        {
            _places[chosen[place]] = place + 1;
        }

        Array.Clear(DecoderBias);
        Bias = new float[chosen.Length];
        Threshold = new float[chosen.Length];
        Norm = new float[chosen.Length];
        _encoder?.Dispose();
        _decoder?.Dispose();
        _encoder = zeros(chosen.Length, width).DetachFromDisposeScope();
        _decoder = zeros(chosen.Length, width).DetachFromDisposeScope();
        if (chosen.Length > 0)
        {
            EncoderRows = TensorMemory.FloatPointer(_encoder);
            DecoderRows = TensorMemory.FloatPointer(_decoder);
        }
    }

    /// <summary>Place of a latent among the chosen, or -1.</summary>
    public int PlaceOf(int latent)
    {
        return _places[latent] - 1;
    }

    public void Dispose()
    {
        _encoder?.Dispose();
        _decoder?.Dispose();
    }
}
