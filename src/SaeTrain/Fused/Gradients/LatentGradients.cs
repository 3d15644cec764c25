using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused.Gradients;

/// <summary>Sums all parts of one latent's gradient.</summary>
internal unsafe class LatentGradients(FusedContext context, DecodePass decoded)
{
    private readonly GatheredRows _gathered = GatheredRows.Create(context);

    /// <summary>Kernels.</summary>
    protected FusedKernels Kernels => context.Kernels;

    /// <summary>Features of a row.</summary>
    protected int Width { get; } = context.Width;

    /// <summary>Gradients of the encoder's biases, set by <see cref="Sum"/>.</summary>
    public float[] Bias { get; } = new float[context.Latents];

    /// <summary>Gradients of the thresholds, set by <see cref="Sum"/>.</summary>
    public float[] Threshold { get; } = new float[context.Latents];

    /// <summary>Gradients of the thresholds from chosen entries; set before.</summary>
    public float[] EntryThreshold { get; } = new float[context.Latents];

    /// <summary>Gradients of the decoder rows' norms from chosen entries; set before.</summary>
    public float[] EntryNorm { get; } = new float[context.Latents];

    /// <summary>Rows of the batch.</summary>
    public int BatchRows { get; private set; }

    /// <summary>What the rows of the batch were decoded to.</summary>
    protected DecodePass Decoded { get; } = decoded;

    /// <summary>Called before the latents of a batch.</summary>
    public virtual void Begin()
    {
        _gathered.Begin(Decoded);
        BatchRows = context.Entries.Rows;
    }

    /// <summary>Sets a latent's gradients.</summary>
    public virtual void Sum(int latent, in FusedWeights weights, in LatentRows rows)
    {
        int place = context.Extra.PlaceOf(latent);
        Start(rows, place);
        EntryRun run = context.Order.Of(latent);
        _gathered.Sum(run, Decoded.PlaneOf(latent), rows);
        float bias = place < 0 ? 0 : context.Extra.Bias[place];
        for (int entry = 0; entry < run.Count; entry++)
        {
            bias += run.Pulls[entry];
        }

        Bias[latent] = bias;
        Threshold[latent] = ThresholdGradient(latent, weights) + (place < 0 ? 0 : context.Extra.Threshold[place]);
        float norm = EntryNorm[latent] + (place < 0 ? 0 : context.Extra.Norm[place]);
        if (norm != 0)
        {
            context.Kernels.AddScaled(weights.Decoder.Weights + ((long)latent * Width), norm / context.Norms[latent], rows.Decoder, Width);
        }
    }

    /// <summary>Asks for the rows that a latent's gradient and update will read.</summary>
    public void Expect(int latent, in FusedWeights weights)
    {
        if (latent >= context.Latents)
        {
            return;
        }

        long own = (long)latent * Width;
        weights.Encoder.At(own).Expect(Width);
        weights.Decoder.At(own).Expect(Width);
        _gathered.Expect(context.Order.Of(latent), Decoded.PlaneOf(latent));
    }

    /// <summary>The gradient of a latent's threshold from the batch.</summary>
    protected virtual float ThresholdGradient(int latent, in FusedWeights weights)
    {
        return EntryThreshold[latent];
    }

    private void Start(in LatentRows rows, int place)
    {
        if (place < 0)
        {
            new Span<float>(rows.Encoder, Width).Clear();
            new Span<float>(rows.Decoder, Width).Clear();
            return;
        }

        long offset = (long)place * Width;
        new ReadOnlySpan<float>(context.Extra.EncoderRows + offset, Width).CopyTo(new Span<float>(rows.Encoder, Width));
        new ReadOnlySpan<float>(context.Extra.DecoderRows + offset, Width).CopyTo(new Span<float>(rows.Decoder, Width));
    }
}
