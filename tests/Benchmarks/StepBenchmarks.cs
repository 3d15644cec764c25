using BenchmarkDotNet.Attributes;
using Workbench.Numerics;
using Workbench.SaeTrain.Benchmarking;
using Workbench.SaeTrain.Objectives.Selection;

namespace Workbench.Benchmarks;

/// <summary>
/// A training step of 4,096 rows, 768 features and 16,384 latents, 32 of them on in a row, as a multiple of its bare encoder product in the
/// precision that is fastest here.
/// </summary>
[InProcess, WarmupCount(2), IterationCount(8)]
public class StepBenchmarks
{
    private StepBenchmark? _benchmark;

    [Params("openai-topk", "saelens-topk", "saelens-batchtopk", "saelens-matryoshka", "saelens-jumprelu-tanh")]
    public string Recipe { get; set; } = string.Empty;

    [GlobalSetup]
    public void Load()
    {
        NativeAllocator.KeepPages();
        _benchmark = new StepBenchmark(new StepBenchmarkRequest(Recipe, Width: 768, Latents: 16384, K: 32, Batch: 4096, MatrixPrecision.Auto));
    }

    [GlobalCleanup]
    public void Release()
    {
        _benchmark?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void EncoderProduct()
    {
        _benchmark!.Product();
    }

    [Benchmark]
    public double Step()
    {
        return _benchmark!.Step();
    }
}
