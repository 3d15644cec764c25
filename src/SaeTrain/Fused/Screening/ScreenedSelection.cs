using Workbench.Dictionaries;
using Workbench.SaeTrain.Fused.Kernels;
using Workbench.SaeTrain.Fused.Selection;

namespace Workbench.SaeTrain.Fused.Screening;

/// <summary>The k largest positive scores of each row among those that an int8 product proposes, by their values in float32.</summary>
/// <param name="context">Weights and buffers.</param>
/// <param name="most">The largest k of any step.</param>
internal sealed unsafe class ScreenedSelection<TScore>(FusedContext context, int most) : TopKSelection(most)
    where TScore : IScore
{
    private const int Margin = 16;
    private const int Ahead = 4;

    private readonly TopKSelection<QuantizedElement, TScore> _proposals = new(context.Kernels, Proposed(most, context.Latents));

    public override int K
    {
        get => base.K;
        set
        {
            base.K = value;
            _proposals.K = Proposed(value, context.Latents);
        }
    }

    public override int Scratch => _proposals.Scratch;

    public override void Choose(in ScannedRow row, EntryPart part)
    {
        int start = part.Count;
        _proposals.Choose(row, part);
        int count = part.Count - start;
        int* latents = part.Latents + start;
        float* preActivations = part.PreActivations + start;
        Evaluate(((QuantizedRow*)row.Product)->Input, row.Bias, latents, preActivations, count);
        ulong least = Least(row, part.Keys.AsSpan(0, count), latents, preActivations);
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            float score = TScore.Of(preActivations[i], row.Scale, latents[i]);
            if (score > 0 && LargestKeys.Of(score, latents[i]) >= least)
            {
                (latents[kept], preActivations[kept++]) = (latents[i], preActivations[i]);
            }
        }

        part.Keep(start + kept);
    }

    private static int Proposed(int k, int latents)
    {
        return Math.Min(latents, k + (k / 2) + Margin);
    }

    private void Evaluate(float* input, float* bias, int* latents, float* preActivations, int count)
    {
        float* encoder = context.Weights.Encoder.Weights;
        int width = context.Width;
        for (int i = 0; i < count; i++)
        {
            if (i + Ahead < count)
            {
                Prefetch.Row(encoder + ((long)latents[i + Ahead] * width), width);
            }

            preActivations[i] = context.Kernels.Dot(input, encoder + ((long)latents[i] * width), width) + bias[latents[i]];
        }
    }

    /// <summary>The k-th largest key, or 0 where there are no more than k.</summary>
    private ulong Least(in ScannedRow row, Span<ulong> keys, int* latents, float* preActivations)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = LargestKeys.Of(MathF.Max(0, TScore.Of(preActivations[i], row.Scale, latents[i])), latents[i]);
        }

        return keys.Length > K ? LargestKeys.Select(keys, K) : 0;
    }
}
