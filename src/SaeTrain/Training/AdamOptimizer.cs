using System.Runtime.Intrinsics;
using TorchSharp;
using Workbench.Dictionaries;
using Workbench.SaeTrain.Objectives;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.SaeTrain.Training;

/// <summary>Adam (Kingma and Ba 2015) with bias correction, epsilon added to the corrected root; moments are part of a run's state.</summary>
internal sealed class AdamOptimizer : IDisposable
{
    private const int Chunk = 1 << 15;

    private readonly DictionaryParameters _parameters;
    private readonly double _decay1;
    private readonly double _decay2;
    private readonly float _beta1;
    private readonly float _beta2;
    private readonly float _rest1;
    private readonly float _rest2;
    private readonly float _epsilon;

    public AdamOptimizer(DictionaryParameters parameters, double beta1, double beta2, double epsilon)
    {
        _parameters = parameters;
        (_decay1, _decay2, _epsilon) = (beta1, beta2, (float)epsilon);
        (_beta1, _beta2) = ((float)beta1, (float)beta2);
        (_rest1, _rest2) = ((float)(1 - beta1), (float)(1 - beta2));
        FirstMoments = [.. parameters.All.Select(parameter => zeros_like(parameter.Tensor).detach().DetachFromDisposeScope())];
        SecondMoments = [.. parameters.All.Select(parameter => zeros_like(parameter.Tensor).detach().DetachFromDisposeScope())];
    }

    /// <summary>Running means of the gradients, in the order of the parameters.</summary>
    public IReadOnlyList<Tensor> FirstMoments { get; }

    /// <summary>Running means of the squared gradients, in the order of the parameters.</summary>
    public IReadOnlyList<Tensor> SecondMoments { get; }

    /// <summary>Updates done.</summary>
    public long Steps { get; set; }

    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Steps++;
        float stepSize = (float)(learningRate / (1 - Math.Pow(_decay1, Steps)));
        float root = (float)Math.Sqrt(1 - Math.Pow(_decay2, Steps));
        for (int i = 0; i < _parameters.All.Count; i++)
        {
            Tensor weights = _parameters.All[i].Tensor;
            Tensor gradient = weights.grad!;
            if (weights.device_type == DeviceType.CPU)
            {
                UpdateOnCpu(weights, gradient.contiguous(), FirstMoments[i], SecondMoments[i], stepSize, root);
            }
            else
            {
                Update(weights, gradient, FirstMoments[i], SecondMoments[i], stepSize, root);
            }
        }
    }

    public void Dispose()
    {
        foreach (Tensor moment in FirstMoments.Concat(SecondMoments))
        {
            moment.Dispose();
        }
    }

    internal void Update(Tensor weights, Tensor gradient, Tensor first, Tensor second, float stepSize, float root)
    {
        first.mul_(_beta1).add_(gradient, alpha: _rest1);
        second.mul_(_beta2).addcmul_(gradient, gradient, _rest2);
        weights.addcdiv_(first, (second.sqrt() / root).add_(_epsilon), -stepSize);
    }

    internal unsafe void UpdateOnCpu(Tensor weights, Tensor gradient, Tensor first, Tensor second, float stepSize, float root)
    {
        float* w = TensorMemory.FloatPointer(weights.detach());
        float* g = TensorMemory.FloatPointer(gradient);
        float* m = TensorMemory.FloatPointer(first);
        float* v = TensorMemory.FloatPointer(second);
        long count = weights.numel();
        long chunks = (count + Chunk - 1) / Chunk;
        Parallel.For(0, chunks, chunk =>
        {
            long end = Math.Min(count, (chunk + 1) * Chunk);
            long i = chunk * Chunk;
            for (; i <= end - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                var gradients = Vector512.Load(g + i);
                Vector512<float> means = (Vector512.Load(m + i) * _beta1) + (gradients * _rest1);
                Vector512<float> squares = (Vector512.Load(v + i) * _beta2) + (gradients * gradients * _rest2);
                means.Store(m + i);
                squares.Store(v + i);
                Vector512<float> scale = (Vector512.Sqrt(squares) / Vector512.Create(root)) + Vector512.Create(_epsilon);
                (Vector512.Load(w + i) - (means / scale * stepSize)).Store(w + i);
            }

            for (; i < end; i++)
            {
                m[i] = (m[i] * _beta1) + (g[i] * _rest1);
                v[i] = (v[i] * _beta2) + (g[i] * g[i] * _rest2);
                w[i] -= m[i] / ((MathF.Sqrt(v[i]) / root) + _epsilon) * stepSize;
            }
        });
    }
}
