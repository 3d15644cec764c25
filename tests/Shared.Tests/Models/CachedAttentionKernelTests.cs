using Workbench.Models;
using Workbench.Models.Kernels;
using Workbench.Models.Layers;
using Workbench.Testing;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

public sealed class CachedAttentionKernelTests
{
    private const int Heads = 6;
    private const int Groups = 2;

    [Theory]
    [InlineData(1, 1, 16, null, null)]
    [InlineData(2, 1, 40, 5, null)]
    [InlineData(1, 3, 64, 4, 2.0)]
    [InlineData(2, 2, 8, null, 1.5)]
    public void A_text_read_piece_by_piece_attends_as_scores_spelled_out(int batch, int piece, int width, int? window, double? cap)
    {
        const int Pieces = 7;
        using var scope = NewDisposeScope();
        _ = manual_seed(1);
        var options = new AttentionOptions(Heads, Groups, width, 0.3, window, cap);
        Tensor whole = randn(batch, Pieces * piece, Heads + (2 * Groups), width);
        Tensor[] parts = whole.split([Heads, Groups, Groups], 2);
        Tensor expected = ScoredAttention.Apply(parts[0], parts[1], parts[2], options, 0);
        using var cache = new KvCache(layers: 1, capacity: 2);
        for (int i = 0; i < Pieces; i++)
        {
            Tensor tokens = zeros(batch, piece, ScalarType.Int64);
            var pass = new ForwardPass(tokens, [], stopAtLastHook: false, cache, mask: null, LogitPositions.All);
            Tensor projected = whole.narrow(1, i * piece, piece).reshape(batch * piece, -1).contiguous();
            Tensor found = empty(batch * piece, Heads * width);
            CachedAttentionKernel.Serves(pass, projected, width).ShouldBeTrue();
            CachedAttentionKernel.Apply(pass, 0, options, projected, found);
            cache.Advance(piece);
            TensorAssert.CloseToScale(expected.narrow(1, i * piece, piece).reshape(batch * piece, -1), found, 1e-5, $"piece {i}");
        }
    }
}
