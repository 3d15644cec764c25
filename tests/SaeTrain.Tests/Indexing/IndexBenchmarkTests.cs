using Workbench.Numerics;
using Workbench.SaeTrain.Benchmarking;
using Workbench.SaeTrain.Indexing;

namespace Workbench.SaeTrain.Tests.Indexing;

public sealed class IndexBenchmarkTests : IDisposable
{
    private readonly TinyWorkspace _tiny = new();

    [Fact]
    public void The_benchmark_times_all_passes_and_leaves_nothing()
    {
        var request = new IndexRequest
        {
            Workspace = _tiny.Workspace.Root,
            Dictionary = TinyWorkspace.DictionaryId,
            Harvest = TinyWorkspace.HarvestId,
            Precision = MatrixPrecision.Float32,
        };
        new IndexRun(request, null, TimeProvider.System).Execute(CancellationToken.None);
        string[] before = Directory.GetFileSystemEntries(_tiny.Workspace.Root, "*", SearchOption.AllDirectories);
        using var benchmark = new IndexBenchmark(request);

        IndexBenchmarkResult result = benchmark.Measure(1, CancellationToken.None);

        double[] times = [result.ForwardSeconds, result.ProductSeconds, result.ReplaySeconds, result.StoredSeconds!.Value];
        times.ShouldAllBe(seconds => seconds > 0);
        result.ReplayRatio.ShouldBe(result.ReplaySeconds / (result.ForwardSeconds + result.ProductSeconds), 1e-9);
        result.ReplayPhases.Keys.ShouldContain("encode");
        Directory.GetFileSystemEntries(_tiny.Workspace.Root, "*", SearchOption.AllDirectories).ShouldBe(before, ignoreOrder: true);
    }

    public void Dispose()
    {
        _tiny.Dispose();
    }
}
