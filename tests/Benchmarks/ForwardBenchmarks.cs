using BenchmarkDotNet.Attributes;
using Workbench.Harvest.Benchmarking;
using Workbench.Models;
using Workbench.Numerics;

namespace Workbench.Benchmarks;

/// <summary>
/// A harvest's forward pass to the middle block as a multiple of its bare matrix products, in the precision that is fastest here. The
/// model is docs-lm, or what WORKBENCH_BENCH_MODEL names.
/// </summary>
[InProcess, WarmupCount(2), IterationCount(8)]
public class ForwardBenchmarks
{
    private LanguageModel? _model;
    private ForwardBenchmark? _benchmark;

    /// <summary>Tokens a sequence; a pass has 2,048.</summary>
    [Params(128, 256)]
    public int Context { get; set; }

    [GlobalSetup]
    public void Load()
    {
        NativeAllocator.KeepPages();
        _model = ModelFiles.Find(Environment.GetEnvironmentVariable("WORKBENCH_BENCH_MODEL") ?? "docs-lm").LoadModel();
        _benchmark = new ForwardBenchmark(_model, _model.Config.Layers / 2, Context, 2048 / Context);
    }

    [GlobalCleanup]
    public void Release()
    {
        _benchmark?.Dispose();
        _model?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void MatrixProducts()
    {
        _benchmark!.Products();
    }

    [Benchmark]
    public double Forward()
    {
        return _benchmark!.Forward();
    }
}
