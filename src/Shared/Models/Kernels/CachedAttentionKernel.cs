using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using Workbench.Models.Layers;
using Workbench.Numerics;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Models.Kernels;

/// <summary>
/// Attention of a few tokens over what the cache holds and over themselves, in float32, as generation does one token at a time: in
/// libtorch's operations the calls alone would take longer than the arithmetic.
/// </summary>
internal static unsafe class CachedAttentionKernel
{
    private const int Lanes = 8;
    private const int FloatsWorthThreads = 1 << 16;

    [ThreadStatic]
    private static float[]? t_scores;

    /// <summary>Whether the kernel serves these operands; libtorch's operations do otherwise.</summary>
    public static bool Serves(ForwardPass pass, Tensor projected, int headDim)
    {
        return pass.Cache is not null && pass.Rows <= Projection.FewRows && headDim % Lanes == 0
            && projected.dtype == torch.ScalarType.Float32 && projected.device_type == DeviceType.CPU;
    }

    /// <summary>Stores the keys and values of the pass in its cache, then attends.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="layer">Block, for the cache.</param>
    /// <param name="options">Heads, scale and rules.</param>
    /// <param name="projected">float32 [batch * seq, (heads + 2 key-value heads) * head_dim]: rotated queries, rotated keys, values.</param>
    /// <param name="target">float32 [batch * seq, heads * head_dim].</param>
    public static void Apply(ForwardPass pass, int layer, AttentionOptions options, Tensor projected, Tensor target)
    {
        (int heads, int groups, int width) = (options.Heads, options.KeyValueHeads, options.HeadDim);
        (Tensor keys, Tensor values) = pass.Cache!.Reserve(layer, pass.Batch, groups, width, pass.Length, projected.device);
        long stride = keys.shape[2] * width;
        int rowWidth = (heads + (2 * groups)) * width;
        (int length, int first, int share) = (pass.Length, pass.FirstPosition, heads / groups);
        float* x = TensorMemory.Pointer<float>(projected);
        float* y = TensorMemory.Pointer<float>(target);
        float* k = TensorMemory.Pointer<float>(keys);
        float* v = TensorMemory.Pointer<float>(values);
        int tasks = pass.Batch * groups;
        if ((long)heads * (first + length) * width < FloatsWorthThreads)
        {
            for (int task = 0; task < tasks; task++)
            {
                Group(task);
            }
        }
        else
        {
            WakefulThreads.For(tasks, Group);
        }

        void Group(int task)
        {
            (int sequence, int group) = Math.DivRem(task, groups);
            float* rows = x + ((long)sequence * length * rowWidth);
            float* key = k + (task * stride);
            float* value = v + (task * stride);
            for (int i = 0; i < length; i++)
            {
                float* own = rows + ((long)i * rowWidth) + ((heads + group) * width);
                long place = (long)(first + i) * width;
                new Span<float>(own, width).CopyTo(new Span<float>(key + place, width));
                new Span<float>(own + (groups * width), width).CopyTo(new Span<float>(value + place, width));
            }

            for (int i = 0; i < length; i++)
            {
                int end = first + i + 1;
                int start = Math.Max(0, end - (options.Window ?? end));
                for (int head = group * share; head < (group + 1) * share; head++)
                {
                    float* query = rows + ((long)i * rowWidth) + (head * width);
                    float* attended = y + ((((long)sequence * length) + i) * heads * width) + (head * width);
                    Head(query, key, value, (start, end), options, attended);
                }
            }
        }
    }

    private static void Head(float* query, float* keys, float* values, (int Start, int End) seen, AttentionOptions options, float* target)
    {
        int count = seen.End - seen.Start;
        if (t_scores is null || t_scores.Length < count + Vector512<float>.Count)
        {
            t_scores = GC.AllocateUninitializedArray<float>(Math.Max(2 * count, 512));
        }

        fixed (float* scores = t_scores)
        {
            int width = options.HeadDim;
            Scores(query, keys + ((long)seen.Start * width), width, count, (float)options.Scale, scores);
            Softmax(scores, count, (float?)options.SoftCap);
            Mix(scores, values + ((long)seen.Start * width), width, count, target);
        }
    }

    /// <summary>Two keys at once, whose sums do not wait for each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scores(float* query, float* keys, int width, int count, float scale, float* scores)
    {
        int i = 0;
        for (; i <= count - 2; i += 2)
        {
            float* key = keys + ((long)i * width);
            Vector256<float> a = Vector256<float>.Zero;
            Vector256<float> b = Vector256<float>.Zero;
            for (int at = 0; at < width; at += Lanes)
            {
                Vector256<float> value = Vector256.Load(query + at);
                a = Vector256.FusedMultiplyAdd(value, Vector256.Load(key + at), a);
                b = Vector256.FusedMultiplyAdd(value, Vector256.Load(key + width + at), b);
            }

            scores[i] = Vector256.Sum(a) * scale;
            scores[i + 1] = Vector256.Sum(b) * scale;
        }

        if (i < count)
        {
            float* key = keys + ((long)i * width);
            Vector256<float> sum = Vector256<float>.Zero;
            for (int at = 0; at < width; at += Lanes)
            {
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(query + at), Vector256.Load(key + at), sum);
            }

            scores[i] = Vector256.Sum(sum) * scale;
        }
    }

    /// <summary>The scores lie in memory of whole vectors; what is behind them counts as never seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Softmax(float* scores, int count, float? cap)
    {
        if (cap is float limit)
        {
            for (int i = 0; i < count; i++)
            {
                scores[i] = limit * MathF.Tanh(scores[i] / limit);
            }
        }

        int whole = (count + Vector512<float>.Count - 1) / Vector512<float>.Count * Vector512<float>.Count;
        new Span<float>(scores + count, whole - count).Fill(float.NegativeInfinity);
        Vector512<float> most = Vector512.Load(scores);
        for (int i = Vector512<float>.Count; i < whole; i += Vector512<float>.Count)
        {
            most = Vector512.Max(most, Vector512.Load(scores + i));
        }

        float largest = most[0];
        for (int i = 1; i < Vector512<float>.Count; i++)
        {
            largest = MathF.Max(largest, most[i]);
        }

        Vector512<float> sums = Vector512<float>.Zero;
        for (int i = 0; i < whole; i += Vector512<float>.Count)
        {
            Vector512<float> weight = Vector512.Exp(Vector512.Load(scores + i) - Vector512.Create(largest));
            weight.Store(scores + i);
            sums += weight;
        }

        float factor = 1 / Vector512.Sum(sums);
        for (int i = 0; i < whole; i += Vector512<float>.Count)
        {
            (Vector512.Load(scores + i) * factor).Store(scores + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(float* weights, float* values, int width, int count, float* target)
    {
        int at = 0;
        for (; at <= width - (4 * Lanes); at += 4 * Lanes)
        {
            Vector256<float> a = Vector256<float>.Zero;
            Vector256<float> b = Vector256<float>.Zero;
            Vector256<float> c = Vector256<float>.Zero;
            Vector256<float> d = Vector256<float>.Zero;
            float* value = values + at;
            for (int i = 0; i < count; i++)
            {
                Vector256<float> weight = Vector256.Create(weights[i]);
                a = Vector256.FusedMultiplyAdd(weight, Vector256.Load(value), a);
                b = Vector256.FusedMultiplyAdd(weight, Vector256.Load(value + Lanes), b);
                c = Vector256.FusedMultiplyAdd(weight, Vector256.Load(value + (2 * Lanes)), c);
                d = Vector256.FusedMultiplyAdd(weight, Vector256.Load(value + (3 * Lanes)), d);
                value += width;
            }

            a.Store(target + at);
            b.Store(target + at + Lanes);
            c.Store(target + at + (2 * Lanes));
            d.Store(target + at + (3 * Lanes));
        }

        for (; at < width; at += Lanes)
        {
            Vector256<float> sum = Vector256<float>.Zero;
            for (int i = 0; i < count; i++)
            {
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(weights[i]), Vector256.Load(values + ((long)i * width) + at), sum);
            }

            sum.Store(target + at);
        }
    }
}
