using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Workbench.Models;

/// <summary>Chooses the next token from logits.</summary>
internal sealed class TokenSampler(GenerationOptions options)
{
    private readonly Random _random = new(options.Seed);
    private int[] _ids = [];
    private double[] _weights = [];

    /// <summary>Chooses; the log probability is that of the whole distribution at temperature 1.</summary>
    public (int Id, double LogProbability) Choose(ReadOnlySpan<float> logits)
    {
        int best = TensorPrimitives.IndexOfMax(logits);
        if (float.IsNaN(logits[best]))
        {
            throw new WorkbenchException("The model's logits are not numbers; an edit of this strength overflows, or the weights are damaged.");
        }

        double maximum = logits[best];
        double sum = Weigh(logits, maximum, temperature: 1);
        int chosen = options.Temperature == 0 ? best : Sample(logits, maximum);
        return (chosen, logits[chosen] - maximum - Math.Log(sum));
    }

    private int Sample(ReadOnlySpan<float> logits, double maximum)
    {
        double total = Weigh(logits, maximum, options.Temperature);
        int kept = options.TopK > 0 || options.TopP < 1 ? Rank(total) : Everything();
        Span<double> weights = _weights.AsSpan(0, kept);
        double left = _random.NextDouble() * TensorPrimitives.Sum<double>(weights);
        for (int i = 0; i < kept - 1; i++)
        {
            left -= weights[i];
            if (left < 0)
            {
                return _ids[i];
            }
        }

        return _ids[kept - 1];
    }

    /// <summary>Fills <see cref="_weights"/> by id with exp((logit - maximum) / temperature), and returns their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Weigh(ReadOnlySpan<float> logits, double maximum, double temperature)
    {
        if (_weights.Length != logits.Length)
        {
            _weights = new double[logits.Length];
            _ids = new int[logits.Length];
        }

        Span<double> weights = _weights;
        var most = Vector512.Create(maximum);
        var factor = Vector512.Create(1 / temperature);
        Vector512<double> sums = Vector512<double>.Zero;
        int i = 0;
        for (; i <= logits.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Create(logits[i..]));
            Vector512<double> weight = Vector512.Exp((Vector512.Create(low, high) - most) * factor);
            weight.CopyTo(weights[i..]);
            sums += weight;
        }

        double sum = Vector512.Sum(sums);
        for (; i < logits.Length; i++)
        {
            weights[i] = Math.Exp((logits[i] - maximum) / temperature);
            sum += weights[i];
        }

        return sum;
    }

    private int Everything()
    {
        for (int i = 0; i < _ids.Length; i++)
        {
            _ids[i] = i;
        }

        return _ids.Length;
    }

    /// <summary>Brings the candidates to the front, most probable first, and returns their number.</summary>
    private int Rank(double total)
    {
        int count = AtLeast(options.TopK > 0 ? Largest(options.TopK) : (1 - options.TopP) * total / _weights.Length);
        Array.Sort(_weights, _ids, 0, count);
        Array.Reverse(_weights, 0, count);
        Array.Reverse(_ids, 0, count);
        if (options.TopK > 0)
        {
            count = Math.Min(count, options.TopK);
            total = TensorPrimitives.Sum<double>(_weights.AsSpan(0, count));
        }

        double reached = 0;
        for (int i = 0; i < count; i++)
        {
            reached += _weights[i];
            if (reached >= options.TopP * total)
            {
                return i + 1;
            }
        }

        return count;
    }

    /// <summary>The weight of the candidate of a rank, from 1.</summary>
    private double Largest(int rank)
    {
        var held = new PriorityQueue<double, double>(rank + 1);
        foreach (double weight in _weights)
        {
            if (held.Count < rank)
            {
                held.Enqueue(weight, weight);
            }
            else if (weight > held.Peek())
            {
                _ = held.EnqueueDequeue(weight, weight);
            }
        }

        return held.Peek();
    }

    /// <summary>
    /// Brings what weighs at least <paramref name="least"/> to the front. Tokens below an even share of the probability that
    /// <see cref="GenerationOptions.TopP"/> leaves out are never needed to reach it, so few are sorted.
    /// </summary>
    private int AtLeast(double least)
    {
        int count = 0;
        for (int i = 0; i < _weights.Length; i++)
        {
            if (_weights[i] >= least)
            {
                (_weights[count], _ids[count]) = (_weights[i], i);
                count++;
            }
        }

        return count;
    }
}
