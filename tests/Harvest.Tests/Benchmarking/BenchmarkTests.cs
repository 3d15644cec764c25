using Workbench.Harvest.Benchmarking;
using Workbench.Harvest.Harvesting;
using Workbench.Harvest.Tests.Harvesting;
using Workbench.Models;
using Workbench.Testing;
using Workbench.Workspaces;

namespace Workbench.Harvest.Tests.Benchmarking;

public sealed class BenchmarkTests : IDisposable
{
    private readonly HarvestSample _sample = new();

    public void Dispose()
    {
        _sample.Dispose();
    }

    [Fact]
    public void Reading_is_measured_over_whole_batches_and_against_the_faster_gather()
    {
        using var harvest = Activations.Harvest.Open(new SyntheticHarvest { Rows = 1000, Width = 24 }.Write(_sample.At("w")));
        using var benchmark = new ReadBenchmark(harvest, harvest.Info.Hooks[0].Name, batchSize: 128, seed: 1);
        ReadBenchmarkResult result = benchmark.Measure(repeats: 3, CancellationToken.None);
        (result.Rows, result.Width, result.BatchSize, result.StoredType).ShouldBe((896, 24, 128, "float32"));
        result.Share.ShouldBe(Math.Min(result.ShareOfSingle, result.ShareOfStored));
        result.ShareOfSingle.ShouldBe(result.ShardMillions / result.SingleMillions, 1e-9);
        Should.Throw<WorkbenchException>(() => new ReadBenchmark(harvest, harvest.Info.Hooks[0].Name, batchSize: 1001, seed: 1)).Message.ShouldContain("--batch");
    }

    [Fact]
    public void Writing_is_measured_on_the_harvest_itself_and_leaves_nothing()
    {
        HarvestRequest request = _sample.Request();
        TinyModel sizes = new();
        long values = request.Tokens * (sizes.Width + sizes.Intermediate);
        string folder = Directory.CreateDirectory(_sample.At("bench")).FullName;
        using (var benchmark = new WriteBenchmark(request, new Workspace(folder), folder, CancellationToken.None))
        {
            WriteBenchmarkResult result = benchmark.Measure(repeats: 1, CancellationToken.None);
            result.Rows.ShouldBe(request.Tokens);
            result.Bytes.ShouldBeGreaterThan(values * sizeof(ushort));
            result.Added.ShouldBe(result.TokenisingAdded + result.WritingAdded, 1e-9);
        }

        Directory.EnumerateFileSystemEntries(folder).ShouldBeEmpty();
    }

    [Fact]
    public void Generation_that_passes_the_context_is_not_measured()
    {
        using LanguageModel model = ModelFiles.Find(_sample.Model).LoadModel();
        Should.Throw<WorkbenchException>(() => new GenerateBenchmark(model, promptTokens: 10, tokens: 100)).Message.ShouldContain("context");
    }
}
