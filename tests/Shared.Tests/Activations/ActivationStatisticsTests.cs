using TorchSharp;
using Workbench.Activations;
using Workbench.Testing;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Activations;

public sealed class ActivationStatisticsTests
{
    [Theory]
    [InlineData(9001)]
    [InlineData(50)]
    public void Statistics_are_those_of_the_tensor_library_in_float64(int rows)
    {
        using var folder = new TemporaryFolder();
        var sample = new ShardSample(rows, width: 11);
        using ActivationStore store = sample.Open(
            folder.Path, sample.Write(folder.Path, StorageType.Float16, new ShardLayout(5000, 500), step: 400));
        long told = 0;
        ActivationStatistics found = ActivationStatistics.Of(ShardSample.Hook, store, done => told = done);
        told.ShouldBe(rows);
        using Tensor single = sample.Expected(StorageType.Float16);
        using Tensor values = single.to(torch.ScalarType.Float64);
        double[] norms = values.norm(1).data<double>().ToArray();
        Array.Sort(norms);
        double median = (norms[(rows - 1) / 2] + norms[rows / 2]) / 2;
        using Tensor mean = values.mean([0]);
        found.Mean.Zip(mean.data<double>().ToArray()).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-9);
        found.MeanNorm.ShouldBe(norms.Average(), 1e-9);
        found.MedianNorm.ShouldBe(median, median * 1e-6);
        found.MaxAbs.ShouldBe(values.abs().max().item<double>());
        found.MeanSquaredNorm.ShouldBe(norms.Average(norm => norm * norm), 1e-6);
        double variance = (values - mean).pow(2).sum(1).mean().item<double>();
        found.TotalVariance.ShouldBe(variance, variance * 1e-9);
    }
}
