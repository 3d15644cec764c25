using TorchSharp;
using Workbench.Activations;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Activations;

public sealed class CovarianceSpectrumTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Fact]
    public void Eigenvalues_are_those_of_the_covariance_far_from_the_origin_too()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        Tensor rows = (randn(3000, 12, generator: generator) * arange(1, 13).to(ScalarType.Float32)) + 500;
        using ActivationStore store = Store(rows);

        ActivationStatistics statistics = ActivationStatistics.Of("h", store);

        Tensor wide = rows.to(ScalarType.Float64);
        Tensor centred = wide - wide.mean([0]);
        double[] expected = [.. linalg.eigvalsh(centred.t().mm(centred) / (rows.shape[0] - 1)).data<double>().ToArray().Reverse()];
        statistics.EigenvalueRows.ShouldBe(3000);
        statistics.Eigenvalues!.Count.ShouldBe(12);
        for (int i = 0; i < expected.Length; i++)
        {
            statistics.Eigenvalues[i].ShouldBe(expected[i], expected[0] * 1e-10);
        }
    }

    [Fact]
    public void Of_wide_rows_the_eigenvalues_that_are_not_zero_are_told()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6, CPU);
        Tensor rows = (randn(60, 2100, generator: generator) * linspace(0.1, 3, 2100)) + 50;
        using ActivationStore store = Store(rows);

        ActivationStatistics statistics = ActivationStatistics.Of("h", store);

        Tensor wide = rows.to(ScalarType.Float64);
        double[] singular = [.. linalg.svdvals(wide - wide.mean([0])).data<double>().ToArray().Take(59)];
        statistics.EigenvalueRows.ShouldBe(60);
        statistics.Eigenvalues!.ShouldBe(singular.Select(value => value * value / 59), singular[0] * singular[0] * 1e-10);
        statistics.Eigenvalues!.Sum().ShouldBe(statistics.TotalVariance * 60 / 59, statistics.TotalVariance * 1e-6);
    }

    [Fact]
    public void A_single_row_has_no_covariance()
    {
        using var scope = NewDisposeScope();
        using ActivationStore store = Store(ones(1, 4));

        ActivationStatistics.Of("h", store).Eigenvalues.ShouldBeNull();
    }

    private ActivationStore Store(Tensor rows)
    {
        int count = (int)rows.shape[0];
        int width = (int)rows.shape[1];
        using var writer = new ShardWriter(_folder.Path, new ShardHeader("m", "0", "h", width, "0", "never", 1, "r"), ShardLayout.For(null, [width], StorageType.Float32), StorageType.Float32);
        writer.Append(new ActivationRows(rows.data<float>().ToArray(), new int[count], new long[count], new long[count], new int[count]));
        HarvestShard shard = writer.FinishShard()!;
        return ActivationStore.Open([_folder.At(shard.File)]);
    }
}
