using Workbench.Models.Kernels.Products;
using Workbench.Models.Layers;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Workbench.Shared.Tests.Models;

public sealed class PackedWeightsTests
{
    [Fact]
    public void Weights_beyond_the_bound_are_packed_anew_to_the_same_numbers()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        Tensor[] weights = [.. Enumerable.Range(0, 3).Select(_ => randn(72, 40, generator: generator))];
        Projection[] layers = [.. weights.Select(weight => new Projection(weight.clone(), null, ScalarType.Float32))];
        var layout = new TileLayout(72, Paired: false);
        long bytes = ProductKernel.PackedLength(weights[0], layout) * sizeof(float);
        using var buffers = new ActivationBuffers(CPU);
        using var all = new PackedWeights(buffers);
        using var one = new PackedWeights(buffers, bytes);
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < weights.Length; i++)
            {
                float[] kept = all.Of(layers[i], weights[i], layout).data<float>().ToArray();
                one.Of(layers[i], weights[i], layout).data<float>().ToArray()[..kept.Length].ShouldBe(kept);
            }
        }

        ReferenceEquals(all.Of(layers[2], weights[2], layout), all.Of(layers[2], weights[2], layout)).ShouldBeTrue();
        ReferenceEquals(one.Of(layers[1], weights[1], layout), one.Of(layers[2], weights[2], layout)).ShouldBeTrue();
        Array.ForEach(layers, layer => layer.Dispose());
    }
}
