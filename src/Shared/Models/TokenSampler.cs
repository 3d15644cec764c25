namespace Workbench.Models;

/// <summary>Chooses the next token from logits.</summary>
internal sealed class TokenSampler(GenerationOptions options)
{
    private readonly Random _random = new(options.Seed);
    private int[] _order = [];
    private double[] _weights = [];

    /// <summary>Chooses; the log probability is that of the whole distribution at temperature 1.</summary>
    public (int Id, double LogProbability) Choose(ReadOnlySpan<float> logits)
    {
        int best = IndexOfMaximum(logits);
        double maximum = logits[best];
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - maximum);
        }

        int chosen = options.Temperature == 0 ? best : Sample(logits, maximum);
        return (chosen, logits[chosen] - maximum - Math.Log(sum));
    }

    private static int IndexOfMaximum(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i]))
            {
                throw new WorkbenchException("The model's logits are not numbers; an edit of this strength overflows, or the weights are damaged.");
            }

            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    private int Sample(ReadOnlySpan<float> logits, double maximum)
    {
        int kept = Rank(logits, maximum);
        double total = 0;
        for (int i = 0; i < kept; i++)
        {
            total += _weights[i];
        }

        double left = _random.NextDouble() * total;
        for (int i = 0; i < kept - 1; i++)
        {
            left -= _weights[i];
            if (left < 0)
            {
                return _order[i];
            }
        }

        return _order[kept - 1];
    }

    /// <summary>Fills <see cref="_order"/> and <see cref="_weights"/>, most probable first, and returns how many remain.</summary>
    private int Rank(ReadOnlySpan<float> logits, double maximum)
    {
        if (_order.Length != logits.Length)
        {
            _order = new int[logits.Length];
            _weights = new double[logits.Length];
        }

        double total = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            _order[i] = i;
            double weight = Math.Exp((logits[i] - maximum) / options.Temperature);
            _weights[i] = -weight;
            total += weight;
        }

        // Ascending negatives: most probable first; equal ones by id, since the sort is not stable.
        int count = options.TopK == 0 ? logits.Length : Math.Min(options.TopK, logits.Length);
        Array.Sort(_weights, _order);
        double reached = 0;
        double kept = options.TopK == 0 ? total : -_weights.AsSpan(0, count).ToArray().Sum();
        for (int i = 0; i < count; i++)
        {
            _weights[i] = -_weights[i];
            reached += _weights[i];
            if (reached >= options.TopP * kept)
            {
                return i + 1;
            }
        }

        return count;
    }
}
