using TorchSharp;
using Workbench.Harvest.Pretraining;
using static TorchSharp.torch;

namespace Workbench.Harvest.Tests.Pretraining;

public class MuonTests
{
    [Theory]
    [InlineData(32, 32)]
    [InlineData(64, 24)]
    [InlineData(24, 64)]
    public void The_direction_has_the_singular_vectors_of_the_matrix_and_values_near_one(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        Tensor matrix = randn([rows, columns], generator: generator);

        Tensor direction = Muon.Orthogonalised(matrix, ScalarType.Float32);

        (Tensor u, _, Tensor vh) = linalg.svd(matrix, fullMatrices: false);
        Tensor inItsBasis = u.t().mm(direction).mm(vh.t());
        Tensor values = inItsBasis.diagonal();
        values.min().item<float>().ShouldBeGreaterThan(0.3f);
        values.max().item<float>().ShouldBeLessThan(1.3f);
        (inItsBasis - diag(values)).abs().max().item<float>().ShouldBeLessThan(1e-3f);
    }
}
