using BenchmarkDotNet.Attributes;
using Workbench.Numerics;
using Workbench.SaeTrain.Benchmarking;
using Workbench.SaeTrain.Indexing;

namespace Workbench.Benchmarks;

/// <summary>
/// An index as a multiple of one pass: the model over the harvest's sequences to the hook and one encoder product. The workspace is
/// what WORKBENCH_BENCH_WORKSPACE names, the dictionary what WORKBENCH_BENCH_DICTIONARY names, or d1.
/// </summary>
[InProcess, WarmupCount(1), IterationCount(3), InvocationCount(1)]
public class IndexBenchmarks
{
    private IndexBenchmark? _benchmark;

    [GlobalSetup]
    public void Open()
    {
        NativeAllocator.KeepPages();
        _benchmark = new IndexBenchmark(new IndexRequest
        {
            Workspace = Environment.GetEnvironmentVariable("WORKBENCH_BENCH_WORKSPACE")
                ?? throw new WorkbenchException("WORKBENCH_BENCH_WORKSPACE is not set; name a workspace with a harvest and a dictionary."),
            Dictionary = Environment.GetEnvironmentVariable("WORKBENCH_BENCH_DICTIONARY") ?? "d1",
        });
    }

    [IterationSetup]
    public void Clear()
    {
        _benchmark!.Clear();
    }

    [GlobalCleanup]
    public void Release()
    {
        _benchmark?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void OnePass()
    {
        _benchmark!.Forward(CancellationToken.None);
        _benchmark.Product();
    }

    [Benchmark]
    public long ReplayedIndex()
    {
        return _benchmark!.Index(replay: true, CancellationToken.None).Tokens;
    }

    [Benchmark]
    public long StoredIndex()
    {
        return _benchmark!.Index(replay: !_benchmark.IsStored, CancellationToken.None).Tokens;
    }
}
