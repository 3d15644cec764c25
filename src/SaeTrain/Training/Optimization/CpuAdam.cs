using System.Runtime.Intrinsics;
using Workbench.Dictionaries;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training.Optimization;

/// <summary>Adam's update of a whole weight in one pass over memory.</summary>
internal static unsafe class CpuAdam
{
    private const int Chunk = 1 << 15;

    /// <summary>Updates a weight and its moments; all are contiguous float32 on the CPU.</summary>
    public static void Update(Tensor weights, Tensor gradient, Tensor first, Tensor second, AdamStep step)
    {
        float* w = TensorMemory.FloatPointer(weights);
        float* g = TensorMemory.FloatPointer(gradient);
        float* m = TensorMemory.FloatPointer(first);
        float* v = TensorMemory.FloatPointer(second);
        long count = weights.numel();
        long chunks = (count + Chunk - 1) / Chunk;
        Parallel.For(0, chunks, chunk => Update(w, g, m, v, chunk * Chunk, Math.Min(count, (chunk + 1) * Chunk), step));
    }

    private static void Update(float* w, float* g, float* m, float* v, long first, long end, AdamStep step)
    {
        long i = first;
        for (; i <= end - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var gradients = Vector512.Load(g + i);
            Vector512<float> means = (Vector512.Load(m + i) * step.Beta1) + (gradients * step.Rest1);
            Vector512<float> squares = (Vector512.Load(v + i) * step.Beta2) + (gradients * gradients * step.Rest2);
            means.Store(m + i);
            squares.Store(v + i);
            Vector512<float> scale = (Vector512.Sqrt(squares) / Vector512.Create(step.Root)) + Vector512.Create(step.Epsilon);
            (Vector512.Load(w + i) - (means / scale * step.StepSize)).Store(w + i);
        }

        for (; i < end; i++)
        {
            m[i] = (m[i] * step.Beta1) + (g[i] * step.Rest1);
            v[i] = (v[i] * step.Beta2) + (g[i] * g[i] * step.Rest2);
            w[i] -= m[i] / ((MathF.Sqrt(v[i]) / step.Root) + step.Epsilon) * step.StepSize;
        }
    }
}
