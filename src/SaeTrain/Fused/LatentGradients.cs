using Workbench.SaeTrain.Fused.Kernels;

namespace Workbench.SaeTrain.Fused;

/// <summary>Sums all parts of one latent's gradient.</summary>
internal unsafe class LatentGradients(FusedKernels kernels, LatentOrder order, ExtraGradients extra, DecodePass decoded, int latents, int width)
{
    private const int MostExpected = 64;

    /// <summary>Gradients of the encoder's biases, set by <see cref="Sum"/>.</summary>
    public float[] Bias { get; } = new float[latents];

    /// <summary>Gradients of the thresholds; set before, and completed by <see cref="Sum"/>.</summary>
    public float[] Threshold { get; } = new float[latents];

    /// <summary>Gradients of the decoder rows' norms from chosen entries; set before.</summary>
    public float[] Norm { get; } = new float[latents];

    /// <summary>Norms of the decoder's rows before the update.</summary>
    public float* Norms { get; set; }

    /// <summary>Centred rows of the batch [rows, d].</summary>
    public float* Inputs { get; set; }

    /// <summary>Rows of the batch.</summary>
    public int BatchRows { get; set; }

    /// <summary>Sets a latent's gradients.</summary>
    public virtual void Sum(int latent, in FusedWeights weights, in LatentRows rows)
    {
        int place = extra.PlaceOf(latent);
        Start(rows, place);
        EntryRun run = order.Of(latent);
        kernels.Gradient(run, decoded.PlaneOf(latent, BatchRows), Inputs, width, rows.Decoder, rows.Encoder);
        float bias = place < 0 ? 0 : extra.Bias[place];
        for (int entry = 0; entry < run.Count; entry++)
        {
            bias += run.Pulls[entry];
        }

        Bias[latent] = bias;
        float norm = Norm[latent] + (place < 0 ? 0 : extra.Norm[place]);
        if (norm != 0)
        {
            kernels.AddScaled(weights.Decoder.Weights + ((long)latent * width), norm / Norms[latent], rows.Decoder, width);
        }
    }

    /// <summary>Asks for the rows that a latent's gradient will read.</summary>
    public void Expect(int latent)
    {
        if (latent >= latents)
        {
            return;
        }

        EntryRun run = order.Of(latent);
        float* errors = decoded.PlaneOf(latent, BatchRows);
        for (int entry = 0; entry < Math.Min(run.Count, MostExpected); entry++)
        {
            long offset = (long)run.Rows[entry] * width;
            Prefetch.Row(errors + offset, width);
            Prefetch.Row(Inputs + offset, width);
        }
    }

    private void Start(in LatentRows rows, int place)
    {
        if (place < 0)
        {
            new Span<float>(rows.Encoder, width).Clear();
            new Span<float>(rows.Decoder, width).Clear();
            return;
        }

        long offset = (long)place * width;
        new ReadOnlySpan<float>(extra.EncoderRows + offset, width).CopyTo(new Span<float>(rows.Encoder, width));
        new ReadOnlySpan<float>(extra.DecoderRows + offset, width).CopyTo(new Span<float>(rows.Decoder, width));
    }
}
