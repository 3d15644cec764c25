using TorchSharp;
using Workbench.Dictionaries;
using Workbench.Numerics;
using Workbench.SaeTrain.Fused.Encoding;
using Workbench.SaeTrain.Fused.Gradients;
using Workbench.SaeTrain.Fused.Kernels;
using Workbench.SaeTrain.Fused.Screening;
using Workbench.SaeTrain.Fused.Selection;
using Workbench.SaeTrain.Objectives;
using Workbench.SaeTrain.Training.Optimization;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Fused;

/// <summary>What the parts of a fused step share: weights by address, and the buffers that are kept from step to step.</summary>
internal sealed unsafe class FusedContext : IDisposable
{
    private const long LargeElements = 1 << 20;

    private readonly NativeBuffer<float> _norms;
    private readonly List<EntryPart> _parts = [];
    private readonly Tensor _fired;
    private int _partRows;

    public FusedContext(FusedKernels kernels, ParameterSet parameters, AdamOptimizer optimizer, ScalarType type, bool screens)
    {
        (Kernels, Parameters) = (kernels, parameters);
        Weights = new FusedWeights
        {
            Latents = parameters.Latents,
            Width = parameters.InputWidth,
            Encoder = Row(parameters, optimizer, ParameterNames.Encoder),
            EncoderBias = Row(parameters, optimizer, ParameterNames.EncoderBias),
            Decoder = Row(parameters, optimizer, ParameterNames.Decoder),
            DecoderBias = Row(parameters, optimizer, ParameterNames.DecoderBias),
            Threshold = parameters.Has(ParameterNames.Threshold) ? Row(parameters, optimizer, ParameterNames.Threshold) : default,
        };
        Product = new ProductBlocks(kernels, parameters.Encoder, type);
        Screen = screens ? new QuantizedProduct(Latents, Width) : null;
        Order = new LatentOrder(Latents);
        Extra = new ExtraGradients(Latents, Width);
        _norms = new NativeBuffer<float>(Latents);
        _fired = zeros(Latents, ScalarType.Bool).DetachFromDisposeScope();
    }

    public FusedKernels Kernels { get; }

    public ParameterSet Parameters { get; }

    public FusedWeights Weights { get; }

    public int Latents => Weights.Latents;

    public int Width => Weights.Width;

    public ProductBlocks Product { get; }

    /// <summary>The product that proposes entries, where there is one.</summary>
    public QuantizedProduct? Screen { get; }

    public RowEntries Entries { get; } = new();

    public LatentOrder Order { get; }

    public ExtraGradients Extra { get; }

    /// <summary>Norms of the decoder's rows [n], as the update left them.</summary>
    public float* Norms => _norms.Pointer;

    /// <summary>Parts of a batch's rows, in order.</summary>
    public IReadOnlyList<EntryPart> Parts(int rows, int scratch)
    {
        if (_partRows != rows || (_parts.Count > 0 && _parts[0].Scratch != scratch))
        {
            _parts.ForEach(part => part.Dispose());
            _parts.Clear();
            for (int first = 0; first < rows; first += Partition.Rows)
            {
                _parts.Add(new EntryPart(first, Math.Min(Partition.Rows, rows - first), scratch));
            }

            _partRows = rows;
        }

        return _parts;
    }

    /// <summary>Which latents have an entry whose value is above a bound: bool [n], valid until the next call.</summary>
    public Tensor Fired(double above)
    {
        Span<byte> fired = _fired.bytes;
        fired.Clear();
        for (int entry = 0; entry < Entries.Count; entry++)
        {
            if (Entries.Values[entry] > above)
            {
                fired[Entries.Latents[entry]] = 1;
            }
        }

        return _fired;
    }

    /// <summary>Takes what is derived from the weights anew, after they were set from outside.</summary>
    public void Refresh()
    {
        Product.Refresh();
        Partition.ForEach(Latents, Partition.Latents, (_, first, end) =>
        {
            for (int latent = first; latent < end; latent++)
            {
                Screen?.Take(latent, Weights.Encoder.Weights + ((long)latent * Width));
                float* row = Weights.Decoder.Weights + ((long)latent * Width);
                Norms[latent] = MathF.Sqrt(Kernels.Dot(row, row, Width));
            }
        });
    }

    public void Dispose()
    {
        _parts.ForEach(part => part.Dispose());
        _norms.Dispose();
        _fired.Dispose();
        Product.Dispose();
        Screen?.Dispose();
        Entries.Dispose();
        Order.Dispose();
        Extra.Dispose();
    }

    private static AdamRow Row(ParameterSet parameters, AdamOptimizer optimizer, string name)
    {
        int index = 0;
        while (parameters.All[index].Name != name)
        {
            index++;
        }

        return new AdamRow
        {
            Weights = Address(parameters.All[index].Value.detach()),
            FirstMoment = Address(optimizer.FirstMoments[index]),
            SecondMoment = Address(optimizer.SecondMoments[index]),
        };
    }

    private static float* Address(Tensor tensor)
    {
        float* memory = TensorMemory.FloatPointer(tensor);
        if (tensor.numel() >= LargeElements)
        {
            LargePages.Gather(memory, (nuint)tensor.numel() * sizeof(float));
        }

        return memory;
    }
}
